package io.histoflow.results.slide;

import com.google.common.hash.Hashing;
import io.histoflow.results.outlines.PixelSet;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * The ids of one slide's nuclei: UUIDs of version 8 (RFC 9562) that are made from the slide, its
 * scan and the nucleus' pixels. The same nucleus has the same id in every export; one whose pixels
 * have changed has another; and an outline that comes back tells whether it was changed, and which
 * slide it is of, without anything being looked up.
 */
public final class NucleusIds {
  private static final int VERSION = 8;

  /** Tells our UUIDs from others of that version. */
  private static final long MARK = 0x4F1;

  private static final long LOW_62 = -1L >>> 2;

  private final long upper;

  NucleusIds(String slideId, Optional<String> scanId) {
    long slide =
        Hashing.sha256()
            .hashString(slideId + '\0' + scanId.orElse(""), StandardCharsets.UTF_8)
            .asLong();
    this.upper = (slide << 16) | (VERSION << 12) | MARK;
  }

  /** Returns the id of a nucleus. */
  public UUID of(PixelSet pixels) {
    return new UUID(upper, Long.MIN_VALUE | (pixels.hash() & LOW_62));
  }

  /** Tells whether an id is of a nucleus of this scan. */
  public boolean isOurs(UUID id) {
    return id.getMostSignificantBits() == upper;
  }

  /** Tells whether an id is of a nucleus of another slide, or of another scan of this one. */
  public boolean isOfAnother(UUID id) {
    long low = id.getMostSignificantBits() & 0xFFFF;
    return low == ((VERSION << 12) | MARK) && !isOurs(id);
  }
}
