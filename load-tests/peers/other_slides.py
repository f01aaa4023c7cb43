"""Writes a slide's pixels in the two kinds of which no free example is large enough to time.

    other_slides.py SLIDE FOLDER

FOLDER/trestle.tif is a tiled TIFF that both sides read as Trestle's, through OpenSlide; FOLDER/slide.dcm
a DICOM whole slide (TILED_FULL). Both have the same JPEG tiles of 256 pixels. It needs openslide, PIL
and pydicom (Debian: python3-openslide, python3-pydicom).
"""

import io
import pathlib
import struct
import sys

import openslide
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import JPEGBaseline8Bit, generate_uid

TILE = 256


def tiles(slide):
    width, height = slide.dimensions
    for y in range(0, height, TILE):
        for x in range(0, width, TILE):
            region = slide.read_region((x, y), 0, (TILE, TILE))
            white = Image.new("RGB", region.size, (255, 255, 255))
            white.paste(region, mask=region.getchannel("A"))
            out = io.BytesIO()
            white.save(out, "JPEG", quality=90, subsampling="4:2:2")
            yield out.getvalue()


def trestle(path, size, jpegs):
    """Compression 7, YCbCr subsampled 2 x 1; every tile has its own tables."""
    software = b"MedScan 1.0\0"
    description = b"Background Color=ffffff;OverlapsXY= 0 0\0"
    data, offsets = bytearray(8), []
    for jpeg in jpegs:
        offsets.append(len(data))
        data += jpeg + b"\0" * (len(jpeg) % 2)

    def place(blob):
        data.extend(b"\0" * (len(data) % 2))
        data.extend(blob)
        return len(data) - len(blob)

    n = len(jpegs)
    entries = [
        (256, 4, 1, size[0]),
        (257, 4, 1, size[1]),
        (258, 3, 3, place(struct.pack("<3H", 8, 8, 8))),
        (259, 3, 1, 7),
        (262, 3, 1, 6),
        (270, 2, len(description), place(description)),
        (277, 3, 1, 3),
        (284, 3, 1, 1),
        (305, 2, len(software), place(software)),
        (322, 4, 1, TILE),
        (323, 4, 1, TILE),
        (324, 4, n, place(struct.pack(f"<{n}I", *offsets))),
        (325, 4, n, place(struct.pack(f"<{n}I", *map(len, jpegs)))),
        (530, 3, 2, 2 | 1 << 16),
    ]
    directory = place(
        struct.pack("<H", len(entries))
        + b"".join(struct.pack("<HHII", *entry) for entry in entries)
        + bytes(4)
    )
    struct.pack_into("<2sHI", data, 0, b"II", 42, directory)
    path.write_bytes(data)


def dicom(path, size, jpegs):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.6"
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = JPEGBaseline8Bit
    image = Dataset()
    image.file_meta = meta
    image.is_little_endian, image.is_implicit_VR = True, False
    image.SOPClassUID = meta.MediaStorageSOPClassUID
    image.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    image.StudyInstanceUID, image.SeriesInstanceUID = generate_uid(), generate_uid()
    image.FrameOfReferenceUID = generate_uid()
    image.Modality = "SM"
    image.ImageType = ["DERIVED", "PRIMARY", "VOLUME", "NONE"]
    image.DimensionOrganizationType = "TILED_FULL"
    image.SamplesPerPixel, image.PlanarConfiguration = 3, 0
    image.PhotometricInterpretation = "YBR_FULL_422"
    image.Rows, image.Columns = TILE, TILE
    image.BitsAllocated, image.BitsStored, image.HighBit = 8, 8, 7
    image.PixelRepresentation = 0
    image.NumberOfFrames = len(jpegs)
    image.TotalPixelMatrixColumns, image.TotalPixelMatrixRows = size
    image.TotalPixelMatrixFocalPlanes = 1
    image.NumberOfOpticalPaths = 1
    measures = Dataset()
    measures.PixelSpacing = [0.0005, 0.0005]
    shared = Dataset()
    shared.PixelMeasuresSequence = Sequence([measures])
    image.SharedFunctionalGroupsSequence = Sequence([shared])
    image.LossyImageCompression = "01"
    image.PixelData = encapsulate(jpegs)
    image["PixelData"].is_undefined_length = True
    image.save_as(path, write_like_original=False)


def main(source, folder):
    slide = openslide.OpenSlide(source)
    jpegs = list(tiles(slide))
    folder = pathlib.Path(folder)
    trestle(folder / "trestle.tif", slide.dimensions, jpegs)
    dicom(folder / "slide.dcm", slide.dimensions, jpegs)


main(*sys.argv[1:])
