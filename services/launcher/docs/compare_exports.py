"""Reads the four exports of a slide by other programs, and says whether they tell of the same nuclei.

    compare_exports.py NAME.geojson NAME.csv NAME.dcm NAME.tif

The .geojson with exact outlines, whole or gzipped. It needs pydicom and openslide (Debian:
python3-pydicom, python3-openslide) and ends with code 1 where anything differs.
"""

import collections
import csv
import gzip
import json
import sys

import openslide
import pydicom


def area(ring):
    """Twice the area, by the shoelace formula; positive whichever way the ring turns."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1])))


def turned(ring):
    """A ring as it is, whichever corner it begins at and whichever way it turns."""
    ring = [tuple(map(float, corner)) for corner in ring]
    if ring[0] == ring[-1]:
        ring.pop()
    ways = []
    for way in (ring, ring[::-1]):
        first = way.index(min(way))
        ways.append(tuple(way[first:] + way[:first]))
    return min(ways)


def of_geojson(file):
    with (gzip.open if file.endswith(".gz") else open)(file, "rt") as text:
        features = json.load(text)["features"]
    nuclei, outer = {}, collections.Counter()
    for feature in features:
        rings = feature["geometry"]["coordinates"]
        assert feature["geometry"]["type"] == "Polygon", feature["geometry"]["type"]
        nuclei[feature["id"]] = (area(rings[0]) - sum(map(area, rings[1:]))) / 2
        outer[turned(rings[0])] += 1
        measured = feature["properties"]["measurements"]["Area px^2"]
        assert measured == nuclei[feature["id"]], f"{feature['id']} says {measured}"
    return nuclei, outer


def of_csv(file):
    with open(file, newline="") as text:
        return {line["id"]: float(line["areaPixels"]) for line in csv.DictReader(text)}


def of_dicom(file):
    group = pydicom.dcmread(file).AnnotationGroupSequence[0]
    corners = list(memoryview(group.PointCoordinatesData).cast("f"))
    starts = [start - 1 for start in memoryview(group.LongPrimitivePointIndexList).cast("I")]
    assert len(starts) == group.NumberOfAnnotations
    rings = collections.Counter()
    for begin, end in zip(starts, starts[1:] + [len(corners)]):
        rings[turned(list(zip(corners[begin:end:2], corners[begin + 1 : end : 2])))] += 1
    return rings


def of_masks(file):
    slide = openslide.OpenSlide(file)
    positive, (width, height) = 0, slide.dimensions
    for y in range(0, height, 1024):
        size = (width, min(1024, height - y))
        positive += slide.read_region((0, y), 0, size).convert("L").histogram()[255]
    return positive, slide.dimensions


def main(geojson, table, annotations, masks):
    nuclei, outer = of_geojson(geojson)
    lines = of_csv(table)
    rings = of_dicom(annotations)
    positive, size = of_masks(masks)
    pixels = sum(nuclei.values())
    checks = {
        f"CSV has the {len(nuclei)} ids of GeoJSON, and their areas": lines == nuclei,
        f"DICOM has the {outer.total()} outer outlines of GeoJSON, corner by corner": rings == outer,
        f"the mask of {size[0]} x {size[1]} has {positive} positive pixels, GeoJSON {pixels:.0f}": positive == pixels,
    }
    for what, holds in checks.items():
        print("yes" if holds else "NO ", what)
    sys.exit(not all(checks.values()))


main(*sys.argv[1:])
