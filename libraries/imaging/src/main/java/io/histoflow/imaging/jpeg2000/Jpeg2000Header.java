package io.histoflow.imaging.jpeg2000;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The header of a JPEG 2000 codestream as slides have it: one tile, in one part, of 8 bits a sample
 * (ISO/IEC 15444-1, annex A). Whatever decides how much a decoder allocates is checked here; all
 * else is refused.
 *
 * @param width in pixels
 * @param height in pixels
 * @param components 1 or 3
 * @param subsampled whether the second and third component have fewer samples than pixels
 * @param transformed whether the codestream turns its components into red, green and blue by itself
 */
public record Jpeg2000Header(
    int width, int height, int components, boolean subsampled, boolean transformed) {

  private static final int START = 0xFF4F;
  private static final int SIZE = 0xFF51;
  private static final int CODING = 0xFF52;
  private static final int COMPONENT_CODING = 0xFF53;
  private static final int PACKED_HEADERS = 0xFF60;
  private static final int TILE_PART = 0xFF90;

  private static final int UNSIGNED_8_BITS = 7;
  private static final int MOST_SEGMENTS = 64;
  private static final int MOST_LAYERS = 64;
  private static final int MOST_LEVELS = 32;

  /** Exponents of a code block's sides, less 2: 64 x 64 samples in all, 1024 along a side. */
  private static final int MOST_BLOCK_SIDE = 8;

  private static final int MOST_BLOCK = 8;

  /**
   * Reads the markers up to the first pixels.
   *
   * @param codestream the whole of it, without boxes around
   * @param limits bounds on its image
   * @throws ImageRejectedException where it is damaged, too large or of another kind
   */
  public static Jpeg2000Header of(byte[] codestream, ImageLimits limits)
      throws ImageRejectedException {
    try {
      return new Walk(ByteBuffer.wrap(codestream), limits).run();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new ImageRejectedException("the JPEG 2000 image is cut off", e);
    }
  }

  private static final class Walk {
    private final ByteBuffer in;
    private final ImageLimits limits;
    private int width;
    private int height;
    private int components;
    private boolean subsampled;
    private boolean coded;
    private boolean transformed;

    Walk(ByteBuffer in, ImageLimits limits) {
      this.in = in;
      this.limits = limits;
    }

    Jpeg2000Header run() throws ImageRejectedException {
      require(unsigned() == START && unsigned() == SIZE, "it does not begin as one");
      size(segment());
      for (int i = 0; i < MOST_SEGMENTS; i++) {
        int marker = unsigned();
        require(marker > 0xFF00, "a marker is missing in its header");
        require(marker != PACKED_HEADERS, "its packets' headers are packed, which is not read");
        int start = in.position() - 2;
        ByteBuffer segment = segment();
        if (marker == TILE_PART) {
          tilePart(segment, start);
          require(coded, "it does not say how it is coded");
          return new Jpeg2000Header(width, height, components, subsampled, transformed);
        }
        if (marker == CODING) {
          coding(segment);
        } else if (marker == COMPONENT_CODING) {
          require(segment.remaining() >= 7, "it does not say how a component is coded");
          blocks(segment.position(segment.position() + 2));
        }
      }
      throw damaged("its header does not end");
    }

    private void size(ByteBuffer size) throws ImageRejectedException {
      size.getShort();
      long right = word(size);
      long bottom = word(size);
      limits.checkSize(right, bottom);
      long origin = size.getLong();
      long tileWidth = word(size);
      long tileHeight = word(size);
      long tileOrigin = size.getLong();
      require(
          origin == 0 && tileOrigin == 0 && tileWidth >= right && tileHeight >= bottom,
          "it is cut into tiles of its own, which is not read");
      width = (int) right;
      height = (int) bottom;
      components = size.getShort() & 0xFFFF;
      require(
          components == 1 || components == 3,
          "it has " + components + " components; 1 or 3 are read");
      for (int c = 0; c < components; c++) {
        require((size.get() & 0xFF) == UNSIGNED_8_BITS, "its samples are not of 8 bits");
        int across = size.get() & 0xFF;
        int down = size.get() & 0xFF;
        boolean fits = c == 0 ? across == 1 && down == 1 : isHalfOrWhole(across, down);
        require(fits, "its components have sizes that do not fit");
        subsampled |= across > 1 || down > 1;
      }
    }

    private static boolean isHalfOrWhole(int across, int down) {
      return (across == 1 || across == 2) && (down == 1 || down == 2);
    }

    private void coding(ByteBuffer coding) throws ImageRejectedException {
      coding.getShort();
      int layers = coding.getShort() & 0xFFFF;
      require(
          layers >= 1 && layers <= MOST_LAYERS,
          "it has " + layers + " layers; 1 to " + MOST_LAYERS + " are read");
      transformed = coding.get() != 0;
      require(!transformed || (components == 3 && !subsampled), "its colours cannot be undone");
      coded = true;
      blocks(coding);
    }

    private static void blocks(ByteBuffer coding) throws ImageRejectedException {
      int levels = coding.get() & 0xFF;
      int across = coding.get() & 0xFF;
      int down = coding.get() & 0xFF;
      require(
          levels <= MOST_LEVELS
              && across <= MOST_BLOCK_SIDE
              && down <= MOST_BLOCK_SIDE
              && across + down <= MOST_BLOCK,
          "its code blocks have a size that is not possible");
    }

    /** The decoder indexes the parts of a tile by what they say: only the plain case is let in. */
    private void tilePart(ByteBuffer part, int start) throws ImageRejectedException {
      int tile = part.getShort() & 0xFFFF;
      long length = word(part);
      int index = part.get() & 0xFF;
      int parts = part.get() & 0xFF;
      require(tile == 0 && index == 0 && parts <= 1, "its pixels lie in several parts");
      long rest = (long) in.limit() - start;
      require(length == 0 || (length >= 14 && length <= rest), "it is cut off");
    }

    /** The rest of a marker's segment behind its length. */
    private ByteBuffer segment() throws ImageRejectedException {
      int length = unsigned();
      require(length >= 2 && length - 2 <= in.remaining(), "it is cut off");
      ByteBuffer segment = in.slice(in.position(), length - 2);
      in.position(in.position() + length - 2);
      return segment;
    }

    private int unsigned() {
      return in.getShort() & 0xFFFF;
    }

    private static long word(ByteBuffer from) {
      return from.getInt() & 0xFFFFFFFFL;
    }

    private static void require(boolean holds, String otherwise) throws ImageRejectedException {
      if (!holds) {
        throw damaged(otherwise);
      }
    }

    private static ImageRejectedException damaged(String how) {
      return new ImageRejectedException(
          "the JPEG 2000 image is damaged or of a kind that is not supported: " + how);
    }
  }
}
