package io.histoflow.review.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;

/**
 * Ends connections of which nothing comes: those that take longer than a time to ask, however often
 * they send a byte of it, and those that take an answer more slowly than a rate. A connection that
 * is idle costs no thread, one that does not take its answer costs one.
 */
final class ConnectionWatch extends Handler.Wrapper implements Connection.Listener {
  private static final int CHECKS = 10;
  private static final long LONGEST_PERIOD_MILLIS = 1_000;
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long idleNanos;
  private final long bytesPerSecond;
  private final long windowNanos;
  private final Map<Connection, State> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "review-connections");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param idle longest time from one request's end to the whole head of the next
   * @param bytesPerSecond an answer that is taken more slowly is ended
   * @param window over how long the rate is taken
   */
  ConnectionWatch(Duration idle, long bytesPerSecond, Duration window) {
    this.idleNanos = idle.toNanos();
    this.bytesPerSecond = bytesPerSecond;
    this.windowNanos = window.toNanos();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    long shorter = TimeUnit.NANOSECONDS.toMillis(Math.min(idleNanos, windowNanos));
    long period = Math.max(1, Math.min(LONGEST_PERIOD_MILLIS, shorter / CHECKS));
    var unused = timer.scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void doStop() throws Exception {
    timer.shutdownNow();
    super.doStop();
  }

  @Override
  public void onOpened(Connection connection) {
    open.put(connection, new State());
  }

  @Override
  public void onClosed(Connection connection) {
    open.remove(connection);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    State state = open.get(request.getConnectionMetaData().getConnection());
    if (state == null) {
      return super.handle(request, response, callback);
    }
    // Events are few and far between; but for its heartbeats a stream may be silent.
    boolean isEvents = Request.getPathInContext(request).equals(EventsApi.PATH);
    Answer answer = new Answer(request, response);
    state.begin(answer, isEvents ? 0 : bytesPerSecond);
    Request.addCompletionListener(request, failure -> state.end());
    return super.handle(request, answer, callback);
  }

  private void check() {
    open.forEach(
        (connection, state) -> {
          if (state.isOver(System.nanoTime())) {
            connection.getEndPoint().close(new TimeoutException("The client is too slow"));
          }
        });
  }

  /** What a connection is at: between two requests, or at the answer to one. */
  private final class State {
    private Answer answer;
    private long rate;
    private long since = System.nanoTime();
    private long takenBefore;

    synchronized void begin(Answer begun, long bytesPerSecond) {
      answer = begun;
      rate = bytesPerSecond;
      takenBefore = -1;
    }

    synchronized void end() {
      answer = null;
      since = System.nanoTime();
    }

    synchronized boolean isOver(long now) {
      if (answer == null) {
        return now - since > idleNanos;
      }
      if (!answer.isCommitted()) {
        return false;
      }
      long taken = answer.taken.get();
      if (takenBefore >= 0 && now - since <= windowNanos) {
        return false;
      }
      double least = Math.max(1, (now - since) / NANOS_PER_SECOND * rate);
      boolean slow = takenBefore >= 0 && taken - takenBefore < least;
      takenBefore = taken;
      since = now;
      return slow;
    }
  }

  /** An answer that is written in pieces, so that it shows how much of it the client has taken. */
  private static final class Answer extends Response.Wrapper {
    private static final int PIECE = 16 << 10;

    private final AtomicLong taken = new AtomicLong();

    Answer(Request request, Response response) {
      super(request, response);
    }

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback callback) {
      if (bytes == null || !bytes.hasRemaining()) {
        super.write(last, bytes, callback);
        return;
      }
      new IteratingNestedCallback(callback) {
        private int written;

        @Override
        protected Action process() {
          taken.addAndGet(written);
          if (!bytes.hasRemaining()) {
            return Action.SUCCEEDED;
          }
          ByteBuffer piece = bytes.slice();
          written = Math.min(PIECE, piece.remaining());
          piece.limit(written);
          bytes.position(bytes.position() + written);
          Answer.super.write(last && !bytes.hasRemaining(), piece, this);
          return Action.SCHEDULED;
        }
      }.iterate();
    }
  }
}
