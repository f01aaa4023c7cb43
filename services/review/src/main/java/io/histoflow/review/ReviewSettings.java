package io.histoflow.review;

import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
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
              + " histoflow.review.users");

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
          "File of users with bcrypt hashes, as htpasswd -B writes it; without one everybody on"
              + " this machine may review");

  /** How long a session lasts. */
  public static final Setting<Duration> SESSION_DURATION =
      Setting.ofDuration(
          "histoflow.review.session.duration", "12h", "How long a reviewer stays signed in");

  /** Most alerts in the queue. */
  public static final Setting<Integer> QUEUE_CAPACITY =
      Setting.ofInt(
          "histoflow.review.queue.capacity",
          50_000,
          1,
          1_000_000,
          "Most open alerts that are held (about 1 kB each); of more, the most uncertain are shown");

  /** Most bytes of pictures in memory. */
  public static final Setting<Long> CACHE_BYTES =
      Setting.ofLong(
          "histoflow.review.cache.bytes",
          64L << 20,
          0,
          4L << 30,
          "Most bytes of tiles, masks and entropy maps that are kept in memory");

  /** All of them. */
  public static final Settings ALL =
      Settings.of(
          "review", HOST, PORT, PUBLIC_URL, USERS, SESSION_DURATION, QUEUE_CAPACITY, CACHE_BYTES);

  private ReviewSettings() {}
}
