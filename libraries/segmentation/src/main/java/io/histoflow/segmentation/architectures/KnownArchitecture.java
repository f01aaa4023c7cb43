package io.histoflow.segmentation.architectures;

import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.ArchitectureOptions;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.unet.UNet;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The architectures that can be trained, kept in weights files and served. */
public enum KnownArchitecture {
  /** ClinSegNet, the paper's own. */
  CLINSEGNET(ClinSegNetConfig.NAME),
  /** U-Net with padded convolutions and BatchNorm. */
  UNET(UNet.NAME),
  /** U-Net whose skips pass attention gates. */
  ATTENTION_UNET(UNet.GATED_NAME);

  private final String fileName;

  KnownArchitecture(String fileName) {
    this.fileName = fileName;
  }

  /** Returns the architecture that weights files know by this name, empty where none is. */
  public static Optional<KnownArchitecture> inFile(String fileName) {
    return Arrays.stream(values()).filter(known -> known.fileName.equals(fileName)).findFirst();
  }

  /** Returns the names by which weights files know them. */
  public static List<String> fileNames() {
    return Arrays.stream(values()).map(known -> known.fileName).toList();
  }

  /**
   * Returns it with these options, of which it takes those that it has.
   *
   * @throws IllegalArgumentException where one is missing or describes nothing that can be built
   */
  public Architecture of(Map<String, String> options) {
    ArchitectureOptions read = new ArchitectureOptions(options);
    return switch (this) {
      case CLINSEGNET -> ClinSegNetConfig.of(read);
      case UNET -> UNet.plain(read);
      case ATTENTION_UNET -> UNet.gated(read);
    };
  }

  /** Returns the word for it on command lines, for example {@code attention-unet}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
