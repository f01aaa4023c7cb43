package io.histoflow.platform.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Programs that tests start as child processes, from the test class path. */
public final class ChildPrograms {
  private ChildPrograms() {}

  /** The command of a program of this class. */
  static ChildCommand command(Class<?> program, Path logFile, String... arguments) {
    return ChildCommand.java(
        program.getSimpleName(),
        List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        System.getProperty("java.class.path"),
        program.getName(),
        List.of(arguments),
        logFile);
  }

  /** Writes a file when it runs and one when its shutdown hooks run, and ends with its parent. */
  public static final class Obedient {
    private Obedient() {}

    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> touch(folder.resolve("ended"))));
      ParentWatch.exitWhenParentDies();
      touch(folder.resolve("running"));
      new CountDownLatch(1).await();
    }
  }

  /** Does not watch its parent. */
  public static final class Stubborn {
    private Stubborn() {}

    public static void main(String[] arguments) throws Exception {
      touch(Path.of(arguments[0], "running"));
      new CountDownLatch(1).await();
    }
  }

  /** Says something and ends with the exit code that it is given. */
  public static final class ShortLived {
    private ShortLived() {}

    public static void main(String[] arguments) {
      System.err.println("the model is missing");
      System.exit(Integer.parseInt(arguments[0]));
    }
  }

  /** Tells of a part of it, as a child with several does, and goes on. */
  public static final class Talkative {
    private Talkative() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println("something else");
      System.out.println(
          new PartNotice("review", PartNotice.State.DOWN, "the port\nis taken").toLine());
      ParentWatch.exitWhenParentDies();
      new CountDownLatch(1).await();
    }
  }

  private static void touch(Path file) {
    try {
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
