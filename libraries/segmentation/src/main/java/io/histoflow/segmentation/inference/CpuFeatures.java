package io.histoflow.segmentation.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;

/** What the processor can do, by the names that Linux gives its features. */
final class CpuFeatures {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private final Set<String> flags;

  private CpuFeatures(Set<String> flags) {
    this.flags = flags;
  }

  /** Asks the system; where it does not tell, the processor counts as one without features. */
  static CpuFeatures ofThisMachine() {
    try {
      return parse(Files.readString(CPU_INFO));
    } catch (IOException e) {
      return new CpuFeatures(Set.of());
    }
  }

  /** Reads the text of {@code /proc/cpuinfo}: the flags of its first processor. */
  static CpuFeatures parse(String cpuInfo) {
    return new CpuFeatures(
        cpuInfo
            .lines()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).strip().split("\\s+")))
            .map(words -> words.collect(Collectors.toUnmodifiableSet()))
            .orElse(Collections.emptySet()));
  }

  /** Returns whether the processor multiplies bf16 numbers itself. */
  boolean multipliesBf16() {
    // amx_bf16 alone is not enough: PyTorch asks for AVX-512 before it takes bf16 at all.
    return flags.containsAll(Set.of("avx512bw", "avx512vl", "avx512dq"))
        && (flags.contains("amx_bf16") || flags.contains("avx512_bf16"));
  }
}
