package io.histoflow.review.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Reads the bodies of requests before a thread is given to them, so that clients that send slowly,
 * or not at all, keep none. Bodies are bounded each, and together by an {@link UploadBudget}; one
 * that comes more slowly than a rate is ended.
 */
final class Uploads extends Handler.Wrapper {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int FIRST_BYTES = 8 << 10;
  // A client that is still sending would not see the answer: so much more is read and thrown away.
  private static final int MOST_THROWN_AWAY = 16 << 20;

  private final UploadBudget budget;
  private final long bytesPerSecond;
  private final long graceNanos;

  /**
   * @param budget bounds what is held
   * @param bytesPerSecond a body that comes more slowly on average is ended
   * @param grace how long a body may come as slowly as it likes
   */
  Uploads(UploadBudget budget, long bytesPerSecond, Duration grace) {
    this.budget = budget;
    this.bytesPerSecond = bytesPerSecond;
    this.graceNanos = grace.toNanos();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getLength() <= 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
      return super.handle(request, response, callback);
    }
    new Upload(request, response, callback).run();
    return true;
  }

  private static int most(Request request) {
    String path = Request.getPathInContext(request);
    if (path.startsWith(SlidesApi.PATH) && path.endsWith(SlidesApi.CORRECTIONS)) {
      return SlidesApi.MAX_OUTLINES_BYTES;
    }
    return path.endsWith(AlertsApi.CORRECTION) || path.endsWith(AlertsApi.OPINION)
        ? AlertsApi.MAX_CORRECTION_BYTES
        : SessionApi.MAX_BODY_BYTES;
  }

  private boolean handOn(Request request, Response response, Callback callback) throws Exception {
    return super.handle(request, response, callback);
  }

  /** One body while it arrives. Jetty calls {@link #run} whenever there is more of it. */
  private final class Upload implements Runnable {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final int most;
    private final UploadBudget.Share share = budget.open(this::giveWay);
    private final long began = System.nanoTime();
    // Null where it gave way, which another body's thread decides.
    private final AtomicReference<byte[]> body = new AtomicReference<>(new byte[0]);
    private int length;
    private long thrownAway;

    Upload(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
      this.most = (int) Math.min(most(request), budget.mostBytes());
      Request.addCompletionListener(request, failure -> share.close());
    }

    @Override
    public void run() {
      while (true) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          failed(chunk.getFailure());
          return;
        }
        boolean last = chunk.isLast();
        boolean kept = take(chunk.getByteBuffer());
        chunk.release();
        if (!kept || (last && end()) || isTooSlow()) {
          return;
        }
      }
    }

    /** Returns false where the request has been answered. */
    private boolean take(ByteBuffer bytes) {
      int more = bytes.remaining();
      if (thrownAway > 0 || more > most - length) {
        thrownAway += more;
        if (thrownAway > MOST_THROWN_AWAY) {
          tooLong();
          return false;
        }
        return true;
      }
      byte[] room = roomFor(length + more);
      if (room == null) {
        noRoom();
        return false;
      }
      bytes.get(room, length, more);
      length += more;
      return true;
    }

    private byte[] roomFor(int size) {
      byte[] present = body.get();
      if (present == null || size <= present.length) {
        return present;
      }
      int grown = Math.min(most, Math.max(Math.max(FIRST_BYTES, size), 2 * present.length));
      if (!share.grow(grown - present.length)) {
        return null;
      }
      byte[] room = Arrays.copyOf(present, grown);
      return body.compareAndSet(present, room) ? room : null;
    }

    private boolean end() {
      if (thrownAway > 0) {
        tooLong();
        return true;
      }
      share.arrived();
      byte[] bytes = body.get();
      if (bytes == null) {
        noRoom();
        return true;
      }
      try {
        Request whole = new Whole(request, ByteBuffer.wrap(bytes, 0, length));
        if (!handOn(whole, response, callback)) {
          Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
        }
      } catch (Throwable e) {
        Response.writeError(request, response, callback, e);
      }
      return true;
    }

    private boolean isTooSlow() {
      double seconds = (System.nanoTime() - began - graceNanos) / NANOS_PER_SECOND;
      if (seconds <= 0 || length + thrownAway >= seconds * bytesPerSecond) {
        return false;
      }
      tooSlow();
      return true;
    }

    private void failed(Throwable failure) {
      if (failure instanceof TimeoutException) {
        tooSlow();
      } else {
        refuse(HttpStatus.BAD_REQUEST_400, "The request's body ended too early.");
      }
    }

    /** Called by another body's thread: this one's next piece is answered. */
    private void giveWay() {
      body.set(null);
    }

    private void tooSlow() {
      refuse(
          HttpStatus.REQUEST_TIMEOUT_408,
          "The request's body came more slowly than " + bytesPerSecond + " bytes a second.");
    }

    private void tooLong() {
      refuse(
          HttpStatus.PAYLOAD_TOO_LARGE_413,
          "The request's body is longer than " + most + " bytes.");
    }

    private void noRoom() {
      refuse(
          HttpStatus.SERVICE_UNAVAILABLE_503,
          "Too much is being sent to the service at once: try again in a moment.");
    }

    private void refuse(int status, String sentence) {
      share.close();
      body.set(null);
      // What has not been read of the body must not be taken for the next request.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      Refusal.write(response, callback, status, sentence);
    }
  }

  /** A request whose body is here. */
  private static final class Whole extends Request.Wrapper {
    private final Content.Source body;

    Whole(Request request, ByteBuffer body) {
      super(request);
      this.body = Content.Source.from(body);
    }

    @Override
    public long getLength() {
      return body.getLength();
    }

    @Override
    public Content.Chunk read() {
      return body.read();
    }

    @Override
    public void demand(Runnable demandCallback) {
      body.demand(demandCallback);
    }

    @Override
    public boolean consumeAvailable() {
      return true;
    }
  }
}
