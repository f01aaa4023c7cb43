package io.histoflow.results.slide;

import io.histoflow.schemas.Verdict;
import java.util.Locale;

/** What a reader has said of a tile. */
public enum Judgement {
  /** Nobody has looked: the mask is the model's. */
  NONE,
  /** The mask was right. */
  CONFIRMED,
  /** The mask is the reader's, in place of the model's. */
  CORRECTED,
  /** The tile cannot be judged; the mask is the model's. */
  UNUSABLE;

  static Judgement of(Verdict verdict) {
    return switch (verdict) {
      case CONFIRMED -> CONFIRMED;
      case CORRECTED -> CORRECTED;
      case UNUSABLE -> UNUSABLE;
      case UNKNOWN -> NONE;
    };
  }

  /** Returns the word for it, as it is exported. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
