package io.histoflow.segmentation.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every parameter that a network has, by its stable name: without any array, so that a weights file
 * can be checked before native memory is allocated.
 */
public final class ParameterCatalogue {

  private final Map<String, ParameterSpec> specs = new LinkedHashMap<>();

  private ParameterCatalogue(Architecture architecture) {
    for (ParameterSpec spec : architecture.parameters()) {
      if (specs.put(spec.name(), spec) != null) {
        throw new IllegalStateException(
            "%s names two parameters '%s'".formatted(architecture.name(), spec.name()));
      }
    }
  }

  /** Returns the catalogue of the architecture's network. */
  public static ParameterCatalogue of(Architecture architecture) {
    return new ParameterCatalogue(architecture);
  }

  /** Returns the number of values that training can change. */
  public long size() {
    return all().stream().filter(spec -> !spec.buffer()).mapToLong(ParameterSpec::size).sum();
  }

  /** Returns all parameters, in the order of the forward pass. */
  public Collection<ParameterSpec> all() {
    return specs.values();
  }

  /** Returns the parameter of that name, null where there is none. */
  public ParameterSpec find(String name) {
    return specs.get(name);
  }
}
