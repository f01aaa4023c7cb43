package io.histoflow.scanning.upload;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.histoflow.access.BasicCredentials;
import io.histoflow.access.Person;
import io.histoflow.access.Role;
import io.histoflow.access.SignIn;
import io.histoflow.access.SignInRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests: who sends, what it is called, whether there is room; then takes the body. */
final class Uploads extends Handler.Abstract {
  /** What the paths of uploads begin with. */
  static final String PATH = "/slides/";

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int BUFFER = 64 << 10;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Logger log = LoggerFactory.getLogger(Uploads.class);
  private final UploadSettings settings;
  private final LandingFolder folder;
  private final Optional<SignIn> signIn;
  private final Duration grace;
  private final Semaphore turns;

  Uploads(UploadSettings settings, LandingFolder folder, Optional<SignIn> signIn) {
    this(settings, folder, signIn, GRACE);
  }

  Uploads(UploadSettings settings, LandingFolder folder, Optional<SignIn> signIn, Duration grace) {
    this.settings = settings;
    this.folder = folder;
    this.signIn = signIn;
    this.grace = grace;
    this.turns = new Semaphore(settings.atATime());
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      String name = name(request);
      String user = user(request, response);
      long bytes = inTurn(request, UploadName.of(name));
      log.atInfo()
          .addKeyValue("file", name)
          .addKeyValue("bytes", bytes)
          .addKeyValue("user", user)
          .addKeyValue("address", Request.getRemoteAddr(request))
          .log("A slide has landed");
      answer(response, callback, HttpStatus.CREATED_201, "landed", name);
    } catch (UploadRefusedException e) {
      refuse(request, response, callback, e.status(), e.getMessage());
    } catch (IOException e) {
      log.atWarn().addKeyValue("path", request.getHttpURI().getPath()).setCause(e).log("No room");
      refuse(
          request,
          response,
          callback,
          HttpStatus.INSUFFICIENT_STORAGE_507,
          "The slide cannot be written to the folder: the server's log says why.");
    }
    return true;
  }

  private static String name(Request request) throws UploadRefusedException {
    String path = request.getHttpURI().getPath();
    if (!path.startsWith(PATH)) {
      throw new UploadRefusedException(
          HttpStatus.NOT_FOUND_404, "There is nothing at this address: slides go to /slides/NAME.");
    }
    if (!HttpMethod.PUT.is(request.getMethod())) {
      throw new UploadRefusedException(
          HttpStatus.METHOD_NOT_ALLOWED_405, "Slides are sent by PUT /slides/NAME, nothing else.");
    }
    return URIUtil.decodePath(path.substring(PATH.length()));
  }

  /** Where nobody signs in, only programs of this machine may send, and no web site's. */
  private String user(Request request, Response response) throws UploadRefusedException {
    if (signIn.isEmpty()) {
      String host = String.valueOf(request.getHeaders().get(HttpHeader.HOST));
      int colon = host.lastIndexOf(':');
      String bare = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
      if (!LOOPBACK.contains(bare.toLowerCase(Locale.ROOT))) {
        throw new UploadRefusedException(
            HttpStatus.MISDIRECTED_REQUEST_421,
            "Without a users file slides are taken from this machine only, sent to 127.0.0.1.");
      }
      return "nobody";
    }
    try {
      Optional<BasicCredentials> given =
          BasicCredentials.of(request.getHeaders().get(HttpHeader.AUTHORIZATION));
      if (given.isEmpty()) {
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"histoflow\"");
        throw new UploadRefusedException(
            HttpStatus.UNAUTHORIZED_401, "Sign in: send HTTP Basic credentials (curl -u NAME).");
      }
      Person user =
          signIn
              .get()
              .verify(given.get().name(), given.get().password(), Request.getRemoteAddr(request));
      if (user.role().compareTo(Role.READER) < 0) {
        throw new UploadRefusedException(
            HttpStatus.FORBIDDEN_403,
            "%s has the role viewer, which may not upload: the users file says who has which."
                .formatted(user.name()));
      }
      return user.name();
    } catch (SignInRefusedException e) {
      throw new UploadRefusedException(
          e.isTooMany() ? HttpStatus.TOO_MANY_REQUESTS_429 : HttpStatus.UNAUTHORIZED_401,
          e.getMessage(),
          e);
    }
  }

  private long inTurn(Request request, String name) throws UploadRefusedException, IOException {
    if (!turns.tryAcquire()) {
      throw new UploadRefusedException(
          HttpStatus.SERVICE_UNAVAILABLE_503,
          "%s slides are on their way, as many as are taken at a time: try again in a minute."
              .formatted(settings.atATime()));
    }
    try (LandingFolder.Landing landing = folder.begin(name, declared(request))) {
      take(request, landing);
      landing.finish();
      return landing.written();
    } finally {
      turns.release();
    }
  }

  private static OptionalLong declared(Request request) {
    return request.getLength() < 0 ? OptionalLong.empty() : OptionalLong.of(request.getLength());
  }

  private void take(Request request, LandingFolder.Landing landing)
      throws UploadRefusedException, IOException {
    byte[] buffer = new byte[BUFFER];
    long began = System.nanoTime();
    try (InputStream body = Content.Source.asInputStream(request)) {
      while (true) {
        int length = read(body, buffer);
        if (length < 0) {
          return;
        }
        landing.write(buffer, length);
        double seconds = (System.nanoTime() - began - grace.toNanos()) / NANOS_PER_SECOND;
        if (seconds > 0 && landing.written() < seconds * settings.rate()) {
          throw tooSlow(null);
        }
      }
    }
  }

  /** What goes wrong with the client's side is no trouble of the disk. */
  private int read(InputStream body, byte[] buffer) throws UploadRefusedException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw tooSlow(e);
      }
      throw new UploadRefusedException(
          HttpStatus.BAD_REQUEST_400, "The slide ended too early: send it again.", e);
    }
  }

  private UploadRefusedException tooSlow(Throwable cause) {
    return new UploadRefusedException(
        HttpStatus.REQUEST_TIMEOUT_408,
        "The slide came more slowly than %s bytes a second (%s)."
            .formatted(settings.rate(), UploadSettings.RATE.name()),
        cause);
  }

  private void refuse(
      Request request, Response response, Callback callback, int status, String sentence) {
    log.atWarn()
        .addKeyValue("path", request.getHttpURI().getPath())
        .addKeyValue("status", status)
        .addKeyValue("address", Request.getRemoteAddr(request))
        .log("An upload was refused: {}", sentence);
    // What has not been read of the body must not be taken for the next request.
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    answer(response, callback, status, "error", sentence);
  }

  static void answer(
      Response response, Callback callback, int status, String field, String sentence) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    String text = new String(JsonStringEncoder.getInstance().quoteAsString(sentence));
    Content.Sink.write(response, true, "{\"" + field + "\":\"" + text + "\"}\n", callback);
  }
}
