package io.histoflow.loadtests.slides;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.loadtests.measuring.CpuClock;
import io.histoflow.scanning.image.SlideImage;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the tiles of a slide row by row, and begins anew with the file closed and opened, so that
 * no tile comes from memory. Opening does not count. Belongs to one thread.
 */
final class TileWalk implements AutoCloseable {
  private final Path file;
  private final List<TileGrid.Tile> tiles;
  private SlideImage image;

  /**
   * Opens a slide.
   *
   * @throws ImageRejectedException where it cannot be read
   */
  TileWalk(Path file, int tileSize) throws ImageRejectedException {
    this.file = file;
    this.image = SlideImage.open(file);
    this.tiles = new TileGrid(image.width(), image.height(), tileSize, 0).tiles();
  }

  SlideImage.Reader reader() {
    return image.reader();
  }

  List<TileGrid.Tile> tiles() {
    return tiles;
  }

  RgbImage read(TileGrid.Tile at) throws ImageRejectedException {
    return image.region(at.x(), at.y(), at.width(), at.height());
  }

  /** Reads the whole slide, again until so much time has passed: its parts differ in cost. */
  Turns.Turn turn(double seconds) throws ImageRejectedException {
    long most = (long) (seconds * 1e9);
    long nanos = 0;
    int read = 0;
    double cpu = -CpuClock.secondsWithChildren();
    while (nanos < most) {
      for (TileGrid.Tile tile : tiles) {
        long began = System.nanoTime();
        read(tile);
        nanos += System.nanoTime() - began;
        read++;
      }
      cpu += CpuClock.secondsWithChildren();
      image.close();
      image = SlideImage.open(file);
      cpu -= CpuClock.secondsWithChildren();
    }
    return new Turns.Turn(read, nanos / 1e9, cpu + CpuClock.secondsWithChildren());
  }

  @Override
  public void close() {
    image.close();
  }
}
