package io.histoflow.routing;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.PrivateDirectory;
import io.histoflow.platform.config.ServiceConfig;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key by which the audit is drawn: from the configuration, or made once and kept in the state
 * folder, which is for its owner only. With another key other tiles are drawn from then on, with
 * the same probability, so that estimates go on.
 */
final class AuditKey {
  private static final Logger log = LoggerFactory.getLogger(AuditKey.class);
  private static final String FILE = "audit.key";
  private static final int BYTES = 32;
  private static final int LEAST_CHARACTERS = 16;

  private AuditKey() {}

  /**
   * Returns the key.
   *
   * @throws ConfigException where its file can be neither read nor written, or holds no key
   */
  static String of(ServiceConfig config) {
    String configured = config.get(RoutingServiceSettings.AUDIT_KEY);
    if (!configured.isEmpty()) {
      return configured;
    }
    Path folder = config.get(RoutingServiceSettings.STATE_DIR);
    PrivateDirectory.ensure(folder).ifPresent(log::warn);
    Path file = folder.resolve(FILE);
    try {
      return kept(file);
    } catch (IOException e) {
      throw new ConfigException(
          "The key of the audit cannot be kept in %s: %s. Set %s, or make the folder writable."
              .formatted(file, e.getMessage(), RoutingServiceSettings.AUDIT_KEY.name()),
          e);
    }
  }

  private static String kept(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] bytes = new byte[BYTES];
      new SecureRandom().nextBytes(bytes);
      try {
        Files.writeString(file, HexFormat.of().formatHex(bytes), StandardOpenOption.CREATE_NEW);
        log.atInfo()
            .addKeyValue("file", file)
            .log("A key of the audit was made; instances with another folder need the same key");
      } catch (FileAlreadyExistsException e) {
        // Another worker with this folder was faster.
      }
    }
    String key = Files.readString(file).strip();
    if (key.length() < LEAST_CHARACTERS) {
      throw new IOException("it holds no key; delete it to have another made");
    }
    return key;
  }
}
