package io.histoflow.schemas;

import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the registry's subjects as the catalogue of topics says. */
public final class SubjectCatalogue {
  /** Every version of a contract reads every other, in both directions. */
  public static final String COMPATIBILITY = "FULL_TRANSITIVE";

  private static final Logger log = LoggerFactory.getLogger(SubjectCatalogue.class);

  private SubjectCatalogue() {}

  /**
   * Sets {@code FULL_TRANSITIVE} on the subject of every topic and registers its contract. Does
   * nothing where that is done already; safe to call from many processes at once.
   *
   * @param registryConfig at least {@code schema.registry.url}
   * @throws IncompatibleContractException where a contract breaks with a registered version
   * @throws RegistryUnavailableException where the registry could not be asked
   */
  public static void ensure(Map<String, ?> registryConfig) {
    try (SchemaRegistry registry = new SchemaRegistry(registryConfig)) {
      for (TopicSpec<?> spec : Topics.all()) {
        ensure(registry, spec.subject(), spec.schema());
      }
    }
  }

  /**
   * Does the same for one contract.
   *
   * @param registryConfig at least {@code schema.registry.url}
   * @param subject subject in the registry
   * @param contract schema to register
   * @throws IncompatibleContractException where the contract breaks with a registered version
   * @throws RegistryUnavailableException where the registry could not be asked
   */
  public static void ensure(Map<String, ?> registryConfig, String subject, Schema contract) {
    try (SchemaRegistry registry = new SchemaRegistry(registryConfig)) {
      ensure(registry, subject, contract);
    }
  }

  /** Returns the contract's id. */
  static int ensure(SchemaRegistry registry, String subject, Schema contract) {
    while (true) {
      List<Schema> versions = registry.versions(subject);
      requireCompatible(subject, versions, contract);
      registry.setCompatibility(subject, COMPATIBILITY);
      try {
        int id = registry.register(subject, contract);
        log.atDebug()
            .addKeyValue("subject", subject)
            .addKeyValue("schemaId", id)
            .log("contract is registered");
        return id;
      } catch (IncompatibleContractException e) {
        // A service that starts at the same moment may have been first: look again at what is
        // there.
        if (registry.versions(subject).size() == versions.size()) {
          throw e;
        }
      }
    }
  }

  private static void requireCompatible(String subject, List<Schema> versions, Schema contract) {
    for (int i = 0; i < versions.size(); i++) {
      List<String> breaks = ContractCompatibility.breaks(versions.get(i), contract);
      if (!breaks.isEmpty()) {
        throw new IncompatibleContractException(
            ("The contract of subject %s breaks with its registered version %s: %s. Give a"
                    + " new field a default and never change a type, or use a new topic")
                .formatted(subject, i + 1, String.join("; ", breaks)));
      }
    }
  }
}
