package io.histoflow.scanning.natives;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The process in which native decoders run: jobs come by its standard input and are answered on its
 * standard output, one after another, until the input ends. Each answer is a byte that says whether
 * it was done, a length, and bytes or a sentence.
 */
public final class NativeWorker {

  static final byte DONE = 1;
  static final byte REFUSED = 2;

  /** F_SETPIPE_SZ of fcntl(2), and what everybody may set it to. */
  private static final int SET_PIPE_SIZE = 1031;

  private static final int PIPE_BYTES = 1 << 20;

  private OpenJpeg openJpeg;
  private OpenSlide openSlide;

  private NativeWorker() {}

  /**
   * Runs until the input ends.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException {
    // Whatever a library prints must not be taken for an answer.
    System.setOut(System.err);
    widenOutput();
    NativeWorker worker = new NativeWorker();
    try (DataInputStream in =
            new DataInputStream(
                new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16));
        DataOutputStream out =
            new DataOutputStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16))) {
      while (worker.answer(in, out)) {
        out.flush();
      }
    }
  }

  /** Where Linux allows it, the pipe holds a tile of 512 pixels: no answer waits to be fetched. */
  private static void widenOutput() {
    if (Platform.isLinux()) {
      int unused =
          Function.getFunction(Platform.C_LIBRARY_NAME, "fcntl")
              .invokeInt(new Object[] {1, SET_PIPE_SIZE, PIPE_BYTES});
    }
  }

  private boolean answer(DataInputStream in, DataOutputStream out) throws IOException {
    String kind;
    try {
      kind = in.readUTF();
    } catch (EOFException e) {
      return false;
    }
    byte state = DONE;
    byte[] answer;
    try {
      answer = run(Job.Kind.valueOf(kind), in);
    } catch (NativeRefusal e) {
      state = REFUSED;
      answer = e.getMessage().getBytes(StandardCharsets.UTF_8);
    }
    out.writeByte(state);
    out.writeInt(answer.length);
    out.write(answer);
    return true;
  }

  private byte[] run(Job.Kind kind, DataInputStream in) throws IOException, NativeRefusal {
    return switch (kind) {
      case FIND_JPEG_2000 -> {
        openJpeg();
        yield new byte[0];
      }
      case JPEG_2000 -> {
        Job.Jpeg2000 job = Job.Jpeg2000.read(in);
        yield openJpeg().decode(job.codestream(), job.width(), job.height(), job.components());
      }
      case OPEN_SLIDE -> {
        String file = in.readUTF();
        yield openSlide().describe(file);
      }
      case REGION -> {
        Job.Region job = Job.Region.read(in);
        yield openSlide().region(job);
      }
      case ASSOCIATED -> {
        Job.Associated job = Job.Associated.read(in);
        yield openSlide().associated(job);
      }
    };
  }

  /** Looked for when it is needed first, so that what is not there stops nothing else. */
  private OpenJpeg openJpeg() throws NativeRefusal {
    if (openJpeg == null) {
      openJpeg = new OpenJpeg();
    }
    return openJpeg;
  }

  private OpenSlide openSlide() throws NativeRefusal {
    if (openSlide == null) {
      openSlide = new OpenSlide();
    }
    return openSlide;
  }
}
