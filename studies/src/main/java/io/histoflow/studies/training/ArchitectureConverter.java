package io.histoflow.studies.training;

import io.histoflow.segmentation.architectures.KnownArchitecture;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the word for an architecture, such as attention-unet. */
final class ArchitectureConverter implements ITypeConverter<KnownArchitecture> {
  @Override
  public KnownArchitecture convert(String word) {
    List<KnownArchitecture> all = List.of(KnownArchitecture.values());
    return all.stream()
        .filter(known -> known.toString().equals(word))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'%s' is none of %s".formatted(word, all)));
  }
}
