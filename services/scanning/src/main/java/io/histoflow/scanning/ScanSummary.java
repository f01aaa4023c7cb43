package io.histoflow.scanning;

import java.util.List;

/**
 * What came of a scan.
 *
 * @param slides slides whose manifest was published
 * @param tiles tiles published
 * @param glass tiles of empty glass that were left out
 * @param imageBytes size of their encoded images
 * @param failures files of which something could not be published, with the reason
 * @param notes sentences on what was passed over or renamed, which is no failure
 */
public record ScanSummary(
    long slides,
    long tiles,
    long glass,
    long imageBytes,
    List<ScanFailure> failures,
    List<String> notes) {

  public ScanSummary {
    failures = List.copyOf(failures);
    notes = List.copyOf(notes);
  }

  /** Whether everything was published. */
  public boolean complete() {
    return failures.isEmpty();
  }
}
