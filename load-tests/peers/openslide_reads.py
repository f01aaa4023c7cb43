"""Tiles of slides through OpenSlide's own Python, and of DICOM slides through pydicom and Pillow.

The peer of `./histoflow bench slides`, which starts it, sends it one command a line and reads one
JSON object a line; README.md tells how it was set up. It begins with {"openslide"}: its version.

Commands:
  open TILE FILE         open a slide, in place of the one before -> {"peer"}: what reads it, or {"refused"}
  read SECONDS           read the slide, again until so much time has passed -> {"tiles", "seconds", "cpuSeconds"}
  encode SECONDS         read them and encode each as PNG -> {"tiles", "seconds", "cpuSeconds"}
  write X Y W H FILE     write red, green and blue of a region -> {}

Tiles are read row by row, the last of a row or column shifted inwards, and always all of them: tissue
costs more than glass. Behind the last one the slide is closed and opened, so that none comes from a
cache. Opening does not count.
"""

import functools
import io
import json
import sys
import time

import openslide
import PIL
from PIL import Image

try:
    import pydicom
    from pydicom.encaps import generate_pixel_data_frame
except ImportError:
    pydicom = None


def starts(length, tile):
    if length <= tile:
        return [0]
    return [*range(0, length - tile, tile), length - tile]


class DicomSlide:
    """A DICOM slide (TILED_FULL) as pydicom's users read it: frames in memory, decoded by Pillow.

    Decoded frames are kept for the tiles beside, as OpenSlide and histoflow keep theirs.
    """

    COLOURS = ("YBR_FULL_422", "YBR_ICT", "YBR_RCT")

    def __init__(self, file):
        data = pydicom.dcmread(file)
        if data.get("DimensionOrganizationType") != "TILED_FULL":
            raise OSError("its frames are not TILED_FULL")
        if data.PhotometricInterpretation not in self.COLOURS:
            raise OSError(f"Pillow would take its {data.PhotometricInterpretation} for YCbCr")
        self.dimensions = (data.TotalPixelMatrixColumns, data.TotalPixelMatrixRows)
        self.frame_size = (data.Columns, data.Rows)
        self.across = -(-self.dimensions[0] // data.Columns)
        self.frames = list(generate_pixel_data_frame(data.PixelData, int(data.NumberOfFrames)))
        self.frame = functools.lru_cache(maxsize=(64 << 20) // (3 * data.Columns * data.Rows))(self.decoded)

    def decoded(self, index):
        return Image.open(io.BytesIO(self.frames[index])).convert("RGB")

    def read_region(self, place, _, size):
        (x, y), (w, h) = place, self.frame_size
        region = Image.new("RGB", size)
        for row in range(y // h, (y + size[1] - 1) // h + 1):
            for column in range(x // w, (x + size[0] - 1) // w + 1):
                frame = self.frame(row * self.across + column)
                region.paste(frame, (column * w - x, row * h - y))
        return region

    def close(self):
        self.frame.cache_clear()


def is_dicom(file):
    with open(file, "rb") as head:
        return head.read(132)[128:] == b"DICM"


class Walk:
    def __init__(self, file, tile):
        self.file = file
        dicom = pydicom is not None and is_dicom(file)
        self.opens = DicomSlide if dicom else openslide.OpenSlide
        self.peer = (
            f"pydicom {pydicom.__version__} and Pillow {PIL.__version__}"
            if dicom
            else f"OpenSlide {openslide.__library_version__}"
        )
        self.slide = self.opens(file)
        width, height = self.slide.dimensions
        self.size = (min(tile, width), min(tile, height))
        self.places = [(x, y) for y in starts(height, tile) for x in starts(width, tile)]

    def run(self, seconds, use):
        spent, computed, tiles = 0.0, 0.0, 0
        while spent < seconds:
            for place in self.places:
                began, before = time.perf_counter(), time.process_time()
                use(self.slide.read_region(place, 0, self.size))
                spent += time.perf_counter() - began
                computed += time.process_time() - before
            tiles += len(self.places)
            self.slide.close()
            self.slide = self.opens(self.file)
        return {"tiles": tiles, "seconds": spent, "cpuSeconds": computed}


def rgb(image):
    """Over white, as viewers show what was not scanned."""
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(image, mask=image.getchannel("A"))
    return white


def encode(image):
    # Tiles without holes, which is all of most slides, need no white behind them.
    whole = image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255)
    (image.convert("RGB") if whole else rgb(image)).save(io.BytesIO(), "PNG")


def main():
    print(json.dumps({"openslide": openslide.__library_version__}), flush=True)
    walk = None
    for line in sys.stdin:
        command, _, rest = line.rstrip("\n").partition(" ")
        answer = {}
        if command == "open":
            tile, _, file = rest.partition(" ")
            try:
                walk = Walk(file, int(tile))
                answer = {"peer": walk.peer}
            except (openslide.OpenSlideError, OSError, AttributeError) as error:
                answer = {"refused": str(error) or type(error).__name__}
        elif command == "write":
            x, y, width, height, file = rest.split(" ", 4)
            region = walk.slide.read_region((int(x), int(y)), 0, (int(width), int(height)))
            with open(file, "wb") as out:
                out.write(rgb(region).tobytes())
        else:
            answer = walk.run(float(rest), encode if command == "encode" else lambda image: None)
        print(json.dumps(answer), flush=True)


main()
