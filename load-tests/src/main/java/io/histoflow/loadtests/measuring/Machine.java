package io.histoflow.loadtests.measuring;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * On what machine something was measured, and what else it had to do.
 *
 * @param at when the measurement began
 * @param cpu the processor's name; "unknown" where the system does not say
 * @param cores processors that the JVM sees
 * @param flags its instructions that the network gains from, as Linux names them
 * @param load processes that ran or waited for a core in the minute before; negative where unknown
 */
public record Machine(Instant at, String cpu, int cores, List<String> flags, double load) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final List<String> OF_INTEREST =
      List.of("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_bf16", "amx_int8");

  /** Copies the flags. */
  public Machine {
    flags = List.copyOf(flags);
  }

  /** Looks at this machine. */
  public static Machine now() {
    List<String> info = cpuInfo();
    List<String> flags = List.of(value(info, "flags").split(" ", -1));
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        value(info, "model name"),
        Runtime.getRuntime().availableProcessors(),
        OF_INTEREST.stream().filter(flags::contains).toList(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** Returns {@code {"at", "cpu", "cores", "flags", "load"}}. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("at", at.toString()).put("cpu", cpu).put("cores", cores);
    flags.forEach(json.putArray("flags")::add);
    return json.put("load", load);
  }

  private static String value(List<String> info, String name) {
    return info.stream()
        .filter(line -> line.startsWith(name))
        .flatMap(line -> Arrays.stream(line.split(":", 2)).skip(1))
        .map(String::strip)
        .findFirst()
        .orElse("unknown");
  }

  private static List<String> cpuInfo() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines.limit(64).toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
