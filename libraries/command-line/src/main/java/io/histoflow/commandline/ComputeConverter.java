package io.histoflow.commandline;

import io.histoflow.segmentation.inference.Compute;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads auto, cpu or gpu. */
final class ComputeConverter implements ITypeConverter<Compute> {
  @Override
  public Compute convert(String word) {
    try {
      return Compute.parse(word);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
