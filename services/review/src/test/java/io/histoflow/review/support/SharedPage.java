package io.histoflow.review.support;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.ReviewService;
import io.histoflow.review.ReviewSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One browser and one review service for all tests of the page, started with the first of them and
 * handed to tests as {@link Running}. Before each test the browser forgets what the page has kept.
 */
public final class SharedPage implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedPage.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    var unused = running(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Running page = running(context);
    page.browser.window(1366, 768);
    // From where no script of the page's has its database open: it would lose it.
    page.browser.open(page.service.port(), "api/session");
    page.browser.forget();
    page.browser.open(page.service.port());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Running.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return running(context);
  }

  private static Running running(ExtensionContext context) {
    ServiceConfig platform = SharedPlatform.config(context);
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Running.class, key -> Running.start(platform), Running.class);
  }

  /**
   * What is running.
   *
   * @param config the service's; give a second service another worker id
   * @param browser the browser
   * @param topics the topics
   * @param service the service that most tests use
   */
  public record Running(
      ServiceConfig config, Browser browser, TestTopics topics, ReviewService service, Path profile)
      implements AutoCloseable {

    private static Running start(ServiceConfig platform) {
      try {
        Path profile = Files.createTempDirectory("review-browser");
        Browser browser = Browser.start(profile);
        // No tile is ever segmented here.
        ServiceConfig config =
            platform
                .with(ReviewSettings.PORT, 0)
                .with(ReviewSettings.FLOW_PATIENCE, Duration.ofHours(1))
                .with("histoflow.worker.id", "page");
        ReviewService service = new ReviewService(config);
        service.start();
        return new Running(config, browser, new TestTopics(config), service, profile);
      } catch (IOException e) {
        throw new IllegalStateException("There is no room for the browser's profile", e);
      }
    }

    /** Returns the port of the service. */
    public int port() {
      return service.port();
    }

    @Override
    public void close() throws IOException {
      browser.close();
      service.close();
      topics.close();
      try (Stream<Path> files = Files.walk(profile)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
