package io.histoflow.review.http;

import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/**
 * A JSON answer that is written and compressed once for all who ask for it while nothing changes:
 * all browsers ask at the same moment, after the same event. Safe for use by several threads.
 */
final class SharedAnswer {
  /** What changes with time alone is no older. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier changes;
  private Written last;

  /**
   * @param changes a number that is another one after every change of what is answered
   */
  SharedAnswer(LongSupplier changes) {
    this.changes = changes;
  }

  /** Answers with what the source gives as JSON, or gave lately. */
  void to(Context ctx, Supplier<String> source) {
    Written written = written(source);
    ctx.contentType(ContentType.APPLICATION_JSON);
    String accepted = ctx.header(Header.ACCEPT_ENCODING);
    if (accepted != null && accepted.contains("gzip")) {
      ctx.disableCompression();
      ctx.header(Header.CONTENT_ENCODING, "gzip");
      ctx.result(written.gzip);
    } else {
      ctx.result(written.json);
    }
  }

  private synchronized Written written(Supplier<String> source) {
    // Read first: what changes while it is written makes it old.
    long change = changes.getAsLong();
    if (last == null || last.change != change || System.nanoTime() - last.nanos > LONGEST_NANOS) {
      byte[] json = source.get().getBytes(StandardCharsets.UTF_8);
      last = new Written(change, json);
    }
    return last;
  }

  private static byte[] compressed(byte[] json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The answer as it was at one moment. */
  private static final class Written {
    private final long change;
    private final long nanos = System.nanoTime();
    private final byte[] json;
    private final byte[] gzip;

    Written(long change, byte[] json) {
      this.change = change;
      this.json = json;
      this.gzip = compressed(json);
    }
  }
}
