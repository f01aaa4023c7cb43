package io.histoflow.scanning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.TileGrid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The tiles of an image, read and encoded by several threads and handed out in their order. Tiles
 * that lie beside each other are read by one thread, which decodes what they share once.
 *
 * <p>What is in work or waits to be taken keeps to a number of bytes: whoever takes tiles slowly is
 * waited for. Belongs to one thread.
 */
final class EncodedTiles implements Iterator<EncodedTiles.Encoded>, AutoCloseable {

  /** Tiles that a thread reads one after another. */
  private static final int RUN = 8;

  /** Runs for each thread: one in work, one that waits to be taken. */
  private static final int RUNS_A_THREAD = 2;

  private final OpenImage image;
  private final Iterator<TileGrid.Tile> wanted;
  private final ExecutorService threads;
  private final int tilesOfARun;
  private final int mostRuns;
  private final Deque<Future<List<Encoded>>> runs = new ArrayDeque<>();
  private Iterator<Encoded> ready = Collections.emptyIterator();

  /**
   * Begins to read.
   *
   * @param wanted the tiles, row by row
   * @param threads how many read
   * @param mostBytes that tiles in work may take together; one is read whatever it takes
   */
  EncodedTiles(OpenImage image, Iterator<TileGrid.Tile> wanted, int threads, long mostBytes) {
    this.image = image;
    this.wanted = wanted;
    long tiles = Math.max(1, mostBytes / image.bytesInWork());
    this.mostRuns = (int) Math.min(RUNS_A_THREAD * (long) threads, tiles);
    this.tilesOfARun = (int) Math.max(1, Math.min(RUN, tiles / mostRuns));
    this.threads = Executors.newFixedThreadPool(Math.min(threads, mostRuns), EncodedTiles::thread);
    begin();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "scan-reader");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * A tile that was read.
   *
   * @param at where it lies, in level-0 pixels
   * @param image encoded; empty where it cannot be read
   * @param fault why it cannot be read; empty where it can
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Encoded(
      TileGrid.Tile at, Optional<byte[]> image, Optional<ImageRejectedException> fault) {}

  @Override
  public boolean hasNext() {
    return ready.hasNext() || !runs.isEmpty();
  }

  /**
   * Waits for the next tile.
   *
   * @throws ScanException where the wait is interrupted
   */
  @Override
  public Encoded next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (!ready.hasNext()) {
      ready = taken(runs.remove()).iterator();
      begin();
    }
    return ready.next();
  }

  private void begin() {
    while (runs.size() < mostRuns && wanted.hasNext()) {
      List<TileGrid.Tile> run = new ArrayList<>();
      while (run.size() < tilesOfARun && wanted.hasNext()) {
        run.add(wanted.next());
      }
      runs.add(threads.submit(() -> run.stream().map(this::read).toList()));
    }
  }

  private Encoded read(TileGrid.Tile at) {
    try {
      return new Encoded(at, Optional.of(image.encoded(at)), Optional.empty());
    } catch (ImageRejectedException e) {
      return new Encoded(at, Optional.empty(), Optional.of(e));
    }
  }

  private static List<Encoded> taken(Future<List<Encoded>> run) {
    try {
      return run.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ScanException("The scan was interrupted.", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("A tile was neither read nor refused", e.getCause());
    }
  }

  /** Gives up what is not in work, and waits for the rest: nothing reads the image any more. */
  @Override
  public void close() {
    threads.shutdown();
    runs.forEach(run -> run.cancel(false));
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        var unused = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
