package io.histoflow.launcher.stack;

import java.nio.file.Path;

/** Where {@code up} keeps its data unless told otherwise. */
public final class DataDir {
  private DataDir() {}

  /** {@code .histoflow} in the checkout or installation, else in the working directory. */
  public static Path standard() {
    return home().resolve(".histoflow");
  }

  /** The checkout or installation, as {@code ./histoflow} says it; else the working directory. */
  public static Path home() {
    return Path.of(System.getProperty("histoflow.home", "."));
  }
}
