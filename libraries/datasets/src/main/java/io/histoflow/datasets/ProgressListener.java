package io.histoflow.datasets;

/** Hears how far long work has come. Called on the working thread, so it returns quickly. */
@FunctionalInterface
public interface ProgressListener {

  /** Hears and says nothing. */
  ProgressListener SILENT = (phase, done, total, note) -> {};

  /**
   * Work has moved on.
   *
   * @param phase what is being done, for example 'evaluate'
   * @param done units done so far, 0 to total
   * @param total units in all, 0 where not known
   * @param note a short remark for people, may be empty
   */
  void onProgress(String phase, long done, long total, String note);
}
