package io.histoflow.imaging;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Parts of an image that were decoded last, kept for the regions beside. Of several threads that
 * need the same part one decodes it, and the others wait. Safe for use by several threads.
 */
public final class DecodedParts {

  /** Bytes of pixels that are kept where a region does not need more. */
  private static final long KEPT_BYTES = 64L << 20;

  private final Map<Long, RgbImage> parts = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<Long> inWork = new HashSet<>();
  private long bytes;

  /**
   * Returns a part.
   *
   * @param key tells it from the others of the image
   * @param needed bytes of pixels of all parts of the region that is read, which are all kept
   * @param decoding reads it where it is not there; what it throws is for this caller alone
   * @return empty where the image leaves it out
   */
  public Optional<RgbImage> get(long key, long needed, Decoding decoding)
      throws IOException, ImageRejectedException {
    Optional<RgbImage> there = thereOrClaimed(key);
    if (there.isPresent()) {
      return there;
    }
    Optional<RgbImage> part = Optional.empty();
    try {
      part = decoding.read();
      return part;
    } finally {
      finish(key, part, Math.max(needed, KEPT_BYTES));
    }
  }

  /** Empty where the caller is the one to decode it. */
  private synchronized Optional<RgbImage> thereOrClaimed(long key) throws IOException {
    while (!parts.containsKey(key) && !inWork.add(key)) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
    return Optional.ofNullable(parts.get(key));
  }

  private synchronized void finish(long key, Optional<RgbImage> part, long most) {
    inWork.remove(key);
    notifyAll();
    if (part.isEmpty()) {
      return;
    }
    parts.put(key, part.get());
    bytes += part.get().rgb().length;
    var oldest = parts.values().iterator();
    while (bytes > most && oldest.hasNext()) {
      bytes -= oldest.next().rgb().length;
      oldest.remove();
    }
  }

  /** Lets go of all of them. */
  public synchronized void forget() {
    parts.clear();
    bytes = 0;
  }

  /** Decodes one part. */
  public interface Decoding {
    /** Returns it; empty where the image leaves it out. */
    Optional<RgbImage> read() throws IOException, ImageRejectedException;
  }
}
