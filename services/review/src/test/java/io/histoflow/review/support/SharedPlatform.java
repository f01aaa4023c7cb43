package io.histoflow.review.support;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One broker and one registry for all test classes of this module, handed to tests as {@link
 * ServiceConfig}. Tests share the topics: each uses tile ids and organs of its own.
 */
public final class SharedPlatform implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedPlatform.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(ServiceConfig.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return config(context);
  }

  /** Starts the platform where it is not running, and returns where it is. */
  static ServiceConfig config(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class)
        .platform()
        .config();
  }

  private record Running(EmbeddedPlatform platform, Path directory) implements AutoCloseable {

    static Running start() {
      // Nothing is timed: a machine may be busy with other things.
      Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
      try {
        Path directory = Files.createTempDirectory("review-platform");
        return new Running(EmbeddedPlatform.start(directory), directory);
      } catch (IOException e) {
        throw new IllegalStateException("There is no room for the platform's data", e);
      }
    }

    @Override
    public void close() throws IOException {
      platform.close();
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
