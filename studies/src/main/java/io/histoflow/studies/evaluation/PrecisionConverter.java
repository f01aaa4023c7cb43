package io.histoflow.studies.evaluation;

import io.histoflow.segmentation.inference.Precision;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads auto, fp32, bf16 or fp16. */
final class PrecisionConverter implements ITypeConverter<Precision> {
  @Override
  public Precision convert(String word) {
    try {
      return Precision.parse(word);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
