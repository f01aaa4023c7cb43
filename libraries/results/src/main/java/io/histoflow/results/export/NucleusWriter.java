package io.histoflow.results.export;

import io.histoflow.results.slide.Nucleus;
import java.io.Closeable;
import java.io.IOException;

/** Writes nuclei to a file, one after the other; closing completes the file. */
interface NucleusWriter extends Closeable {
  /** Writes the next nucleus. */
  void write(Nucleus nucleus) throws IOException;
}
