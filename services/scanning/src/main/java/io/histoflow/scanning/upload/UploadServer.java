package io.histoflow.scanning.upload;

import io.histoflow.access.SignIn;
import io.histoflow.access.SignInLine;
import io.histoflow.access.SignInThrottle;
import io.histoflow.access.Users;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.lifecycle.LoopService;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes slides over HTTP, {@code PUT /slides/NAME}, into the folder that {@code scan --watch} looks
 * at. It needs neither brokers nor a registry.
 */
public final class UploadServer extends LoopService {
  /** The settings that it reads. */
  public static final Settings SETTINGS = UploadSettings.SETTINGS;

  private static final String NAME = "upload-server";
  private static final Duration CLOSE = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int OTHER_THREADS = 16;
  private static final int MOST_CONNECTIONS = 128;
  private static final int SIGN_INS = 8;

  private final Logger log = LoggerFactory.getLogger(UploadServer.class);
  private final UploadSettings settings;
  private volatile Server server;
  private volatile int port;

  /**
   * Makes the server without starting it.
   *
   * @throws io.histoflow.platform.config.ConfigException where a setting is not allowed
   */
  public UploadServer(ServiceConfig config) {
    super(NAME, CLOSE);
    this.settings = UploadSettings.of(config);
  }

  /**
   * Returns where slides are sent to, as it is reached on this machine.
   *
   * @throws IllegalStateException where it does not run
   */
  public URI uri() {
    if (port == 0) {
      throw new IllegalStateException("The upload server has no port before it is started.");
    }
    return URI.create("http://127.0.0.1:" + port + Uploads.PATH);
  }

  @Override
  protected void onStart() throws Exception {
    Clock clock = Clock.systemUTC();
    Optional<SignIn> signIn = Optional.empty();
    Optional<Users> users = settings.users().map(file -> Users.load(file, clock));
    if (users.isPresent()) {
      signIn =
          Optional.of(new SignIn(users.get(), new SignInThrottle(clock), new SignInLine(SIGN_INS)));
    }
    LandingFolder folder =
        new LandingFolder(settings.folder(), settings.bytes(), settings.keptFree());
    QueuedThreadPool threads = new QueuedThreadPool(settings.atATime() + OTHER_THREADS, 2);
    threads.setName(NAME);
    threads.setDaemon(true);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(IDLE.toMillis());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, connector));
    server.setErrorHandler(UploadServer::refused);
    server.setHandler(new Uploads(settings, folder, signIn));
    server.start();
    port = connector.getLocalPort();
    log.atInfo().addKeyValue("url", uri()).log("Slides are taken by PUT");
  }

  /** Answers what Jetty refuses before it reaches {@link Uploads}. */
  static boolean refused(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Uploads.answer(
        response,
        callback,
        status,
        "error",
        "The request was refused: " + HttpStatus.getMessage(status) + ".");
    return true;
  }

  @Override
  protected void runOnce() throws InterruptedException {
    boolean unused = pause(PAUSE);
  }

  @Override
  protected void onStop() throws Exception {
    if (server != null) {
      server.stop();
    }
  }
}
