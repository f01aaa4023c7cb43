package io.histoflow.platform.lifecycle;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;

/**
 * Ends this JVM when the process that started it dies, however it dies.
 *
 * <p>The parent holds the other end of our standard input and never writes to it. The operating
 * system closes that pipe with the parent, {@code kill -9} included, and reading it then returns
 * end of file. That works the same on every platform and needs no process ids.
 *
 * <p>This class uses nothing but the JDK, so that it can be put in front of any main class: see
 * {@link WatchedMain}.
 */
public final class ParentWatch {
  /** The environment variable that says, with value 1, that standard input is the parent's pipe. */
  public static final String PIPE_VARIABLE = "HISTOFLOW_PARENT_PIPE";

  private static final long SHUTDOWN_MILLIS = 20_000;

  private ParentWatch() {}

  /**
   * Watches the parent when {@value #PIPE_VARIABLE} is 1, and does nothing otherwise. When the pipe
   * ends the JVM exits through its shutdown hooks, and is halted if they take more than 20 seconds.
   *
   * <p>A watched process also ignores Ctrl-C, which a terminal sends to parent and children alike:
   * the parent ends its children itself, in the right order.
   */
  public static void exitWhenParentDies() {
    if (!"1".equals(System.getenv(PIPE_VARIABLE))) {
      return;
    }
    ignoreInterruptSignal();
    InputStream pipe = System.in;
    daemon("parent-watch", () -> exitAtEnd(pipe)).start();
  }

  private static void exitAtEnd(InputStream pipe) {
    byte[] ignored = new byte[64];
    try {
      int count = 0;
      while (count >= 0) {
        count = pipe.read(ignored);
      }
    } catch (IOException e) {
      // A broken pipe means the same as its end.
    }
    daemon("parent-watch-halt", ParentWatch::haltLater).start();
    System.exit(0);
  }

  private static void haltLater() {
    try {
      Thread.sleep(SHUTDOWN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  /** By reflection: the class is in every JDK, but javac warns of each use by name. */
  private static void ignoreInterruptSignal() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object nothing =
          Proxy.newProxyInstance(
              ParentWatch.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> "ignore";
                    default -> null;
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), nothing);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // A platform without this signal has nothing to ignore.
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
