package io.histoflow.scanning.natives;

import com.sun.jna.Callback;
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * OpenJPEG 2.5 (openjpeg.h), of the system where it is installed, else as a jar brings it along for
 * Linux on x86-64. Runs in {@link NativeWorker} only and on one thread.
 */
final class OpenJpeg {

  /** The system's first: it has had mends that the jar's has not. */
  private static final List<String> NAMES = List.of("libopenjp2.so.7", "openjp2");

  private static final String IN_JAR = "/org/bytedeco/leptonica/linux-x86_64/libleptonica.so.6";

  private static final int CODESTREAM = 0;

  /** More than opj_dparameters_t has in any release. */
  private static final int PARAMETERS_BYTES = 1 << 16;

  /** The fields of opj_image_t and of opj_image_comp_t, in bytes from their beginnings. */
  private static final int IMAGE_COMPONENTS = 16;

  private static final int IMAGE_COMPONENT_ARRAY = 24;
  private static final int COMPONENT_BYTES = 64;
  private static final int COMPONENT_ACROSS = 0;
  private static final int COMPONENT_DOWN = 4;
  private static final int COMPONENT_WIDTH = 8;
  private static final int COMPONENT_HEIGHT = 12;
  private static final int COMPONENT_PRECISION = 24;
  private static final int COMPONENT_SIGNED = 32;
  private static final int COMPONENT_DATA = 48;

  private final Api api;

  /**
   * Loads the library.
   *
   * @throws NativeRefusal where there is none; it says what to install
   */
  OpenJpeg() throws NativeRefusal {
    this(load());
  }

  private OpenJpeg(Api api) {
    this.api = api;
  }

  /** Loads what the jar has, whatever the system has. */
  static OpenJpeg ofJar() throws NativeRefusal {
    return new OpenJpeg(loadFromJar());
  }

  private static Api load() throws NativeRefusal {
    for (String name : NAMES) {
      try {
        // Before 2.5 there is no strict mode: what is cut off would be filled up in silence.
        Function unused =
            NativeLibrary.getInstance(name).getFunction("opj_decoder_set_strict_mode");
        return Native.load(name, Api.class);
      } catch (UnsatisfiedLinkError e) {
        // The next may be there.
      }
    }
    return loadFromJar();
  }

  private static Api loadFromJar() throws NativeRefusal {
    try {
      File extracted = Native.extractFromResourcePath(IN_JAR, OpenJpeg.class.getClassLoader());
      return Native.load(extracted.getAbsolutePath(), Api.class);
    } catch (IOException | UnsatisfiedLinkError e) {
      throw new NativeRefusal(
          "JPEG 2000 needs OpenJPEG, which is not on this machine: install it (Debian, Ubuntu:"
              + " apt install libopenjp2-7; Fedora: openjpeg2; macOS: brew install openjpeg)");
    }
  }

  /**
   * Decodes a codestream whose header was checked.
   *
   * @return height x width x components samples, interleaved
   * @throws NativeRefusal where it is damaged or is not what the header said
   */
  byte[] decode(byte[] codestream, int width, int height, int components) throws NativeRefusal {
    Source source = new Source(codestream);
    Pointer stream = api.opj_stream_create(new NativeLong(1 << 16), 1);
    Pointer codec = api.opj_create_decompress(CODESTREAM);
    Pointer[] image = new Pointer[1];
    try (Memory parameters = new Memory(PARAMETERS_BYTES)) {
      api.opj_stream_set_read_function(stream, source.read);
      api.opj_stream_set_skip_function(stream, source.skip);
      api.opj_stream_set_seek_function(stream, source.seek);
      api.opj_stream_set_user_data_length(stream, codestream.length);
      api.opj_set_default_decoder_parameters(parameters);
      boolean read =
          api.opj_setup_decoder(codec, parameters)
              && api.opj_decoder_set_strict_mode(codec, true)
              && api.opj_read_header(stream, codec, image)
              && hasSize(image[0], width, height, components)
              && api.opj_decode(codec, stream, image[0])
              && api.opj_end_decompress(codec, stream);
      if (!read) {
        throw new NativeRefusal("the JPEG 2000 image is damaged or cut off");
      }
      return samples(image[0], width, height, components);
    } finally {
      if (image[0] != null) {
        api.opj_image_destroy(image[0]);
      }
      api.opj_destroy_codec(codec);
      api.opj_stream_destroy(stream);
    }
  }

  private static boolean hasSize(Pointer image, int width, int height, int components) {
    return image.getInt(0) == 0
        && image.getInt(4) == 0
        && image.getInt(8) == width
        && image.getInt(12) == height
        && image.getInt(IMAGE_COMPONENTS) == components;
  }

  private static byte[] samples(Pointer image, int width, int height, int components)
      throws NativeRefusal {
    byte[] out = new byte[width * height * components];
    Pointer array = image.getPointer(IMAGE_COMPONENT_ARRAY);
    for (int c = 0; c < components; c++) {
      Pointer component = array.share((long) c * COMPONENT_BYTES);
      int across = component.getInt(COMPONENT_ACROSS);
      int down = component.getInt(COMPONENT_DOWN);
      int w = component.getInt(COMPONENT_WIDTH);
      int h = component.getInt(COMPONENT_HEIGHT);
      Pointer data = component.getPointer(COMPONENT_DATA);
      boolean whole =
          across >= 1
              && down >= 1
              && w == (width + across - 1) / across
              && h == (height + down - 1) / down
              && component.getInt(COMPONENT_PRECISION) == 8
              && component.getInt(COMPONENT_SIGNED) == 0
              && data != null;
      if (!whole) {
        throw new NativeRefusal("the JPEG 2000 image is damaged: a component lacks");
      }
      put(data.getIntArray(0, w * h), w, across, down, out, c, components, width);
    }
    return out;
  }

  /** Puts the samples of a component in their places, those of a coarser one repeated. */
  private static void put(
      int[] values, int w, int across, int down, byte[] out, int c, int components, int width) {
    int stride = width * components;
    for (int row = 0; row < out.length / stride; row++) {
      int from = row / down * w;
      int o = row * stride + c;
      int repeated = 0;
      for (int x = 0; x < width; x++) {
        out[o] = (byte) Math.max(0, Math.min(255, values[from]));
        o += components;
        if (++repeated == across) {
          repeated = 0;
          from++;
        }
      }
    }
  }

  /** The bytes of a codestream as OpenJPEG asks for them. */
  private static final class Source {
    private final byte[] bytes;
    private final Read read = this::read;
    private final Skip skip = this::skip;
    private final Seek seek = this::seek;
    private int at;

    Source(byte[] bytes) {
      this.bytes = bytes;
    }

    private NativeLong read(Pointer into, NativeLong most, Pointer unused) {
      int n = (int) Math.min(most.longValue(), bytes.length - at);
      if (n <= 0) {
        return new NativeLong(-1);
      }
      into.write(0, bytes, at, n);
      at += n;
      return new NativeLong(n);
    }

    private long skip(long n, Pointer unused) {
      if (n < 0 || n > bytes.length - at) {
        return -1;
      }
      at += (int) n;
      return n;
    }

    private boolean seek(long to, Pointer unused) {
      if (to < 0 || to > bytes.length) {
        return false;
      }
      at = (int) to;
      return true;
    }
  }

  /** opj_stream_read_fn. */
  interface Read extends Callback {
    NativeLong call(Pointer into, NativeLong most, Pointer user);
  }

  /** opj_stream_skip_fn. */
  interface Skip extends Callback {
    long call(long bytes, Pointer user);
  }

  /** opj_stream_seek_fn. */
  interface Seek extends Callback {
    boolean call(long position, Pointer user);
  }

  /** The functions of openjpeg.h, by its names. */
  @SuppressWarnings("checkstyle:MethodName")
  interface Api extends Library {
    Pointer opj_stream_create(NativeLong buffer, int isInput);

    void opj_stream_destroy(Pointer stream);

    void opj_stream_set_read_function(Pointer stream, Read read);

    void opj_stream_set_skip_function(Pointer stream, Skip skip);

    void opj_stream_set_seek_function(Pointer stream, Seek seek);

    void opj_stream_set_user_data_length(Pointer stream, long bytes);

    Pointer opj_create_decompress(int format);

    void opj_destroy_codec(Pointer codec);

    void opj_set_default_decoder_parameters(Pointer parameters);

    boolean opj_setup_decoder(Pointer codec, Pointer parameters);

    boolean opj_decoder_set_strict_mode(Pointer codec, boolean strict);

    boolean opj_read_header(Pointer stream, Pointer codec, Pointer[] image);

    boolean opj_decode(Pointer codec, Pointer stream, Pointer image);

    boolean opj_end_decompress(Pointer codec, Pointer stream);

    void opj_image_destroy(Pointer image);
  }
}
