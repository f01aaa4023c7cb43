package io.histoflow.commandline;

import java.lang.reflect.Method;

/**
 * Ends this process where native code still computes. Every other end, {@link Runtime#halt} too,
 * runs the destructors of native libraries, and PyTorch crashes when its threads outlive them; so
 * the process kills itself, as SIGKILL does, and its exit code is 137.
 */
public final class ProcessEnd {
  private static final int KILLED = 137;

  private ProcessEnd() {}

  /** Ends the process; nothing runs after it and nothing is freed. */
  public static void now() {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Method raise = type.getMethod("raise", type);
      raise.invoke(null, type.getConstructor(String.class).newInstance("KILL"));
    } catch (ReflectiveOperationException e) {
      // Another JDK, or a system without that signal.
      Runtime.getRuntime().halt(KILLED);
    }
  }
}
