"""Tiles of slides through OpenSlide's own Python.

The peer of `./histoflow bench slides`, which starts it, sends it one command a line and reads one
JSON object a line; README.md tells how it was set up. It begins with {"openslide"}: its version.

Commands:
  open TILE FILE         open a slide, in place of the one before -> {} or {"refused"}
  read SECONDS           read tiles for at least that long -> {"tiles", "seconds"}
  encode SECONDS         read them and encode each as PNG -> {"tiles", "seconds"}
  write X Y W H FILE     write red, green and blue of a region -> {}

Tiles are read row by row, the last of a row or column shifted inwards; behind the last one the
slide is closed and opened, so that none comes from OpenSlide's cache. Opening does not count.
"""

import io
import json
import sys
import time

import openslide
from PIL import Image


def starts(length, tile):
    if length <= tile:
        return [0]
    return [*range(0, length - tile, tile), length - tile]


class Walk:
    def __init__(self, file, tile):
        self.file = file
        self.slide = openslide.OpenSlide(file)
        width, height = self.slide.dimensions
        self.size = (min(tile, width), min(tile, height))
        self.places = [(x, y) for y in starts(height, tile) for x in starts(width, tile)]
        self.next = 0

    def run(self, seconds, use):
        spent, tiles = 0.0, 0
        while spent < seconds:
            if self.next == len(self.places):
                self.slide.close()
                self.slide = openslide.OpenSlide(self.file)
                self.next = 0
            began = time.perf_counter()
            use(self.slide.read_region(self.places[self.next], 0, self.size))
            spent += time.perf_counter() - began
            self.next += 1
            tiles += 1
        return {"tiles": tiles, "seconds": spent}


def rgb(image):
    """Over white, as viewers show what was not scanned."""
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(image, mask=image.getchannel("A"))
    return white


def encode(image):
    # Tiles without holes, which is all of most slides, need no white behind them.
    whole = image.getchannel("A").getextrema() == (255, 255)
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
            except (openslide.OpenSlideError, OSError) as error:
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
