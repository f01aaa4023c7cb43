package io.histoflow.review;

import io.histoflow.access.OneTimeToken;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.review.http.LinkApi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link that opens the page once, in a file that nobody else on this machine can read. It stands
 * nowhere else: not in the log.
 */
final class PageLink implements AutoCloseable {
  private final Logger log = LoggerFactory.getLogger(PageLink.class);
  private final Path file;
  private final OneTimeToken token;
  private final URI page;

  /**
   * Writes the first link.
   *
   * @param page address of the page
   * @throws ConfigException where the file cannot be written
   */
  PageLink(Path file, OneTimeToken token, URI page) {
    this.file = file;
    this.token = token;
    this.page = page;
    try {
      write();
    } catch (IOException e) {
      throw new ConfigException(
          "The link to the page cannot be written to %s: %s (%s)."
              .formatted(file, PrivateFile.reason(e), ReviewSettings.LINK_FILE.name()),
          e);
    }
    log.atInfo().addKeyValue("file", file).log("A link that opens the page once is in the file");
  }

  /** Writes another where the last one was opened, or is too old. */
  void renewWhereUsed() {
    if (token.isUsable()) {
      return;
    }
    try {
      write();
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("file", file)
          .log("A new link cannot be written: {}", PrivateFile.reason(e));
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }

  private void write() throws IOException {
    PrivateFile.write(file, page.resolve(LinkApi.PATH + token.renew()) + "\n");
  }
}
