package io.histoflow.platform.testing;

import io.histoflow.platform.embedded.EmbeddedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a running {@link EmbeddedPlatform}: a real broker and a real schema registry with
 * every topic and subject of the catalogue.
 *
 * <p>With {@code @ExtendWith(PlatformExtension.class)} all test classes of a JVM share one
 * platform, started by the first of them and closed at the end, so its start is paid once. They
 * share its topics too: such tests use their own tile ids, slide ids and consumer groups, and look
 * for their own records only. A class that needs empty topics registers {@link #fresh()} in a
 * static field with {@code @RegisterExtension} instead and has a platform of its own.
 *
 * <p>Constructors, test methods and lifecycle methods may take an {@code EmbeddedPlatform}
 * parameter.
 */
public final class PlatformExtension
    implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(PlatformExtension.class);

  private final boolean shared;
  private RunningPlatform own;

  /** Shares one platform among all test classes of the JVM. */
  public PlatformExtension() {
    this(true);
  }

  private PlatformExtension(boolean shared) {
    this.shared = shared;
  }

  /**
   * Gives a test class a platform of its own.
   *
   * @return the extension, for a static field with {@code @RegisterExtension}
   */
  public static PlatformExtension fresh() {
    return new PlatformExtension(false);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    platform(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (own != null) {
      own.close();
      own = null;
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == EmbeddedPlatform.class;
  }

  @Override
  public EmbeddedPlatform resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return platform(context);
  }

  private EmbeddedPlatform platform(ExtensionContext context) {
    if (shared) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(
              RunningPlatform.class, key -> RunningPlatform.start(), RunningPlatform.class)
          .platform();
    }
    if (own == null) {
      own = RunningPlatform.start();
    }
    return own.platform();
  }

  /** A platform in a temporary directory. JUnit closes the shared one with its store. */
  private record RunningPlatform(EmbeddedPlatform platform, Path directory)
      implements AutoCloseable {

    static RunningPlatform start() {
      try {
        Path directory = Files.createTempDirectory("histoflow-platform-");
        return new RunningPlatform(EmbeddedPlatform.start(directory), directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      platform.close();
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
