package io.histoflow.scanning.natives;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** What is asked of the process, one at a time. */
interface Job {

  /** Largest answer: an image of 64 megapixels. */
  int MOST_BYTES = 4 * (64 << 20);

  /** The kinds, by name. */
  enum Kind {
    /** Whether JPEG 2000 can be decoded. */
    FIND_JPEG_2000,
    /** Codestream to samples. */
    JPEG_2000,
    /** Opens a slide and tells of it. */
    OPEN_SLIDE,
    /** Pixels of a slide. */
    REGION,
    /** A picture beside a slide. */
    ASSOCIATED
  }

  /** Which it is. */
  Kind kind();

  /** Writes what belongs to it. */
  void write(DataOutputStream out) throws IOException;

  /** Looks for the decoder of JPEG 2000. */
  record FindJpeg2000() implements Job {
    @Override
    public Kind kind() {
      return Kind.FIND_JPEG_2000;
    }

    @Override
    public void write(DataOutputStream out) {}
  }

  /**
   * JPEG 2000.
   *
   * @param codestream checked
   * @param width in pixels
   * @param height in pixels
   * @param components 1 or 3
   */
  @SuppressWarnings("ArrayRecordComponent") // written, never compared
  record Jpeg2000(byte[] codestream, int width, int height, int components) implements Job {
    static Jpeg2000 read(DataInputStream in) throws IOException {
      int width = in.readInt();
      int height = in.readInt();
      int components = in.readInt();
      byte[] codestream = new byte[in.readInt()];
      in.readFully(codestream);
      return new Jpeg2000(codestream, width, height, components);
    }

    @Override
    public Kind kind() {
      return Kind.JPEG_2000;
    }

    @Override
    public void write(DataOutputStream out) throws IOException {
      out.writeInt(width);
      out.writeInt(height);
      out.writeInt(components);
      out.writeInt(codestream.length);
      out.write(codestream);
    }
  }

  /**
   * Opens a slide.
   *
   * @param file its path
   */
  record OpenSlide(String file) implements Job {
    @Override
    public Kind kind() {
      return Kind.OPEN_SLIDE;
    }

    @Override
    public void write(DataOutputStream out) throws IOException {
      out.writeUTF(file);
    }
  }

  /**
   * Pixels of a slide.
   *
   * @param file its path
   * @param level 0 or more
   * @param x left edge in level-0 pixels
   * @param y top edge in level-0 pixels
   * @param width in pixels of the level
   * @param height in pixels of the level
   */
  record Region(String file, int level, long x, long y, int width, int height) implements Job {
    static Region read(DataInputStream in) throws IOException {
      return new Region(
          in.readUTF(), in.readInt(), in.readLong(), in.readLong(), in.readInt(), in.readInt());
    }

    @Override
    public Kind kind() {
      return Kind.REGION;
    }

    @Override
    public void write(DataOutputStream out) throws IOException {
      out.writeUTF(file);
      out.writeInt(level);
      out.writeLong(x);
      out.writeLong(y);
      out.writeInt(width);
      out.writeInt(height);
    }
  }

  /**
   * A picture beside a slide.
   *
   * @param file the slide's path
   * @param name of the picture
   */
  record Associated(String file, String name) implements Job {
    static Associated read(DataInputStream in) throws IOException {
      return new Associated(in.readUTF(), in.readUTF());
    }

    @Override
    public Kind kind() {
      return Kind.ASSOCIATED;
    }

    @Override
    public void write(DataOutputStream out) throws IOException {
      out.writeUTF(file);
      out.writeUTF(name);
    }
  }
}
