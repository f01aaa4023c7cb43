package io.histoflow.review;

import io.histoflow.access.ClientAddresses;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.review.oidc.OidcSettings;
import io.histoflow.weights.ModelSettings;
import io.histoflow.weights.WeightsKeys;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** The settings of the review service. */
public final class ReviewSettings {
  /** Address to listen on. */
  public static final Setting<String> HOST =
      Setting.ofString(
          "histoflow.review.host",
          "127.0.0.1",
          "Address on which the page and the API listen; other than loopback it needs"
              + " histoflow.review.users or histoflow.review.oidc.issuer");

  /** Port to listen on. */
  public static final Setting<Integer> PORT =
      Setting.ofInt(
          "histoflow.review.port",
          8080,
          0,
          65_535,
          "Port of the page and the API; 0 takes a free one");

  /** Address by which browsers reach the service. */
  public static final Setting<URI> PUBLIC_URL =
      Setting.ofHttpUri(
          "histoflow.review.public.url",
          null,
          "Address by which browsers reach the page, where a proxy or another name stands before"
              + " it; with https the session's cookie is sent over https only");

  /** Users file. */
  public static final Setting<Path> USERS =
      Setting.ofPath(
          "histoflow.review.users",
          null,
          "File of users with bcrypt hashes, as htpasswd -B writes it, and roles; without one"
              + " everybody on this machine may review");

  /** Whether a link opens the page. */
  public static final Setting<Boolean> LINK =
      Setting.ofBoolean(
          "histoflow.review.link",
          false,
          "Whether, where nobody signs in, page and API are for whoever has opened a link that"
              + " works once, and so not for other users of this machine; 'up' prints it");

  /** Where the link is written. */
  public static final Setting<Path> LINK_FILE =
      Setting.ofPath(
          "histoflow.review.link.file",
          null,
          "File that takes the link, for its owner only, and a new one when that was opened or is"
              + " ten minutes old; 'up' has it in its data directory");

  /** How long a session lasts. */
  public static final Setting<Duration> SESSION_DURATION =
      Setting.ofDuration(
          "histoflow.review.session.duration", "12h", "How long a reviewer stays signed in");

  /** How long a claim lasts. */
  public static final Setting<Duration> CLAIM_LEASE =
      Setting.ofDuration(
          "histoflow.review.claim.lease",
          "3m",
          "How long an opened tile is left to who opened it, from the last sign of work on it; 1s"
              + " to 1d");

  /** Whether the model's mask is hidden on audited tiles. */
  public static final Setting<Boolean> AUDIT_BLIND =
      Setting.ofBoolean(
          "histoflow.review.audit.blind",
          true,
          "Whether the page hides the model's mask of tiles that chance drew, until somebody has"
              + " drawn one or said that nothing is there: a mask that is shown is agreed with");

  /** How long tiles may wait. */
  public static final Setting<Duration> FLOW_PATIENCE =
      Setting.ofDuration(
          "histoflow.review.flow.patience",
          "2m",
          "How long scanned tiles may wait without one being answered until the page says that"
              + " inference stands still");

  /** Most alerts in the queue. */
  public static final Setting<Integer> QUEUE_CAPACITY =
      Setting.ofInt(
          "histoflow.review.queue.capacity",
          50_000,
          1,
          1_000_000,
          "Most open alerts that are held (about 1 kB each); of more, the most uncertain are"
              + " shown");

  /** Most bytes of pictures in memory. */
  public static final Setting<Long> CACHE_BYTES =
      Setting.ofLong(
          "histoflow.review.cache.bytes",
          64L << 20,
          0,
          4L << 30,
          "Most bytes of tiles, masks and entropy maps that are kept in memory");

  /** Most bytes of places of tiles. */
  public static final Setting<Long> CONTEXT_BYTES =
      Setting.ofLong(
          "histoflow.review.context.bytes",
          16L << 20,
          0,
          1L << 30,
          "Most bytes that are kept of where the tiles of slides lie (about 400 each), so that"
              + " neighbours need not be looked for again");

  /** Most bytes of decoded pictures in work. */
  public static final Setting<Long> WORK_BYTES =
      Setting.ofLong(
          "histoflow.review.work.bytes",
          512L << 20,
          32L << 20,
          64L << 30,
          "Most bytes that all tiles, masks and verdicts in work take together, and no more than"
              + " half the heap; further ones wait a moment");

  /** Most bytes of requests' bodies. */
  public static final Setting<Long> UPLOAD_BYTES =
      Setting.ofLong(
          "histoflow.review.upload.bytes",
          64L << 20,
          8L << 20,
          4L << 30,
          "Most bytes of all requests' bodies that are held at a time");

  /** Least bytes a second. */
  public static final Setting<Long> TRANSFER_RATE =
      Setting.ofLong(
          "histoflow.review.transfer.rate",
          4096L,
          1,
          1L << 30,
          "Fewest bytes a second at which a request's body must come and an answer be taken; what"
              + " is slower for ten seconds is ended");

  /** Longest time between requests. */
  public static final Setting<Integer> IDLE_SECONDS =
      Setting.ofInt(
          "histoflow.review.idle.seconds",
          30,
          1,
          3_600,
          "Longest time in seconds that a connection may take until its next request's head is"
              + " there");

  /** Most connections. */
  public static final Setting<Integer> CONNECTIONS =
      Setting.ofInt(
          "histoflow.review.connections",
          1_024,
          16,
          65_536,
          "Most connections that are open at a time; further ones wait to be accepted");

  /** Most requests for pictures and verdicts. */
  public static final Setting<Integer> REQUESTS =
      Setting.ofInt(
          "histoflow.review.requests",
          128,
          4,
          4_096,
          "Most requests for pictures of alerts and verdicts on them that are answered at a time;"
              + " further ones wait up to ten seconds");

  /** Most readers of events. */
  public static final Setting<Integer> EVENT_READERS =
      Setting.ofInt(
          "histoflow.review.event.readers",
          64,
          1,
          4_096,
          "Most readers of live updates at a time; of more, the client with most gives up its"
              + " oldest");

  /** Most sign-ins from one address. */
  public static final Setting<Integer> SIGN_INS =
      Setting.ofInt(
          "histoflow.review.sign-ins",
          8,
          1,
          64,
          "Most passwords from one address that are verified or wait for it at a time");

  /** Proxies that are believed. */
  public static final Setting<String> TRUSTED_PROXIES =
      Setting.ofString(
          "histoflow.review.trusted.proxies",
          null,
          "Addresses and networks of the proxies before the service, separated by commas, such as"
              + " 127.0.0.1,10.0.0.0/8: only from them the client's address is taken");

  /** What the proxies write. */
  public static final Setting<ClientAddresses.Header> FORWARDED_HEADER =
      Setting.ofEnum(
          "histoflow.review.forwarded.header",
          ClientAddresses.Header.class,
          ClientAddresses.Header.X_FORWARDED_FOR,
          "Header in which trusted proxies pass the client's address on");

  /** All of them. */
  public static final Settings ALL =
      Settings.of(
          "review",
          HOST,
          PORT,
          PUBLIC_URL,
          TRUSTED_PROXIES,
          FORWARDED_HEADER,
          USERS,
          LINK,
          LINK_FILE,
          OidcSettings.ISSUER,
          OidcSettings.CLIENT,
          OidcSettings.SECRET,
          OidcSettings.NAME_CLAIM,
          OidcSettings.ROLES_CLAIM,
          OidcSettings.ROLES,
          SESSION_DURATION,
          CLAIM_LEASE,
          AUDIT_BLIND,
          FLOW_PATIENCE,
          QUEUE_CAPACITY,
          CACHE_BYTES,
          CONTEXT_BYTES,
          WORK_BYTES,
          UPLOAD_BYTES,
          TRANSFER_RATE,
          IDLE_SECONDS,
          CONNECTIONS,
          REQUESTS,
          EVENT_READERS,
          SIGN_INS,
          ModelSettings.FILE,
          WeightsKeys.SIGNING_KEY,
          WeightsKeys.PUBLIC_KEY);

  private ReviewSettings() {}
}
