package io.histoflow.platform.lifecycle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * Runs the main class of somebody else's program under {@link ParentWatch} and in {@link
 * ProcessLocale}: {@code java -cp ... io.histoflow.platform.lifecycle.WatchedMain their.Main
 * arguments...}.
 */
public final class WatchedMain {
  private WatchedMain() {}

  /**
   * Watches the parent and runs the program.
   *
   * @param arguments the program's main class, then its arguments
   * @throws Throwable what the program throws
   */
  public static void main(String[] arguments) throws Throwable {
    ProcessLocale.use();
    ParentWatch.exitWhenParentDies();
    MethodHandles.publicLookup()
        .findStatic(
            Class.forName(arguments[0]), "main", MethodType.methodType(void.class, String[].class))
        .invoke((Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }
}
