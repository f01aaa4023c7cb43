package io.histoflow.commandline;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Hears the signals that ask a process to stop, in place of the JVM, which would end. The class of
 * the JDK that does so belongs to no standard and may be missing: then nothing is heard, and the
 * JVM ends as it always does.
 */
final class Signals {
  private static final List<String> STOP = List.of("INT", "TERM", "HUP");

  private final List<Handled> handled = new ArrayList<>();

  /** A signal and who heard it before. */
  private record Handled(Object signal, Object before) {}

  private Signals() {}

  /**
   * Hands signals over until it is closed.
   *
   * @param heard takes the signal's number, on a thread of its own
   */
  static Signals handle(IntConsumer heard) {
    Signals signals = new Signals();
    for (String name : STOP) {
      signals.handle(name, heard);
    }
    return signals;
  }

  /** Lets the signals go to who heard them before. */
  void close() {
    for (Handled one : handled) {
      try {
        Object unused = handler().invoke(null, one.signal(), one.before());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("A signal that was heard cannot be let go", e);
      }
    }
  }

  private void handle(String name, IntConsumer heard) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Object signal = type.getConstructor(String.class).newInstance(name);
      int number = (int) type.getMethod("getNumber").invoke(signal);
      Class<?> listener = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              listener.getClassLoader(),
              new Class<?>[] {listener},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  heard.accept(number);
                }
                return null;
              });
      handled.add(new Handled(signal, handler().invoke(null, signal, proxy)));
    } catch (InvocationTargetException e) {
      // This system has no such signal, or the JVM was told to leave it alone.
    } catch (ReflectiveOperationException e) {
      // This JDK lets nobody hear signals.
    }
  }

  private static Method handler() throws ReflectiveOperationException {
    return Class.forName("sun.misc.Signal")
        .getMethod(
            "handle", Class.forName("sun.misc.Signal"), Class.forName("sun.misc.SignalHandler"));
  }
}
