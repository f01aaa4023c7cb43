package io.histoflow.scanning.upload;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where uploads are taken, and how much of them.
 *
 * @param host address to listen on
 * @param port to listen on; 0 = a free one
 * @param users file of those who may upload; empty = everybody on this machine
 * @param folder where they land
 * @param bytes most bytes of one
 * @param keptFree bytes that are left free on the disk
 * @param rate fewest bytes a second
 * @param atATime most uploads at a time
 */
public record UploadSettings(
    String host,
    int port,
    Optional<Path> users,
    Path folder,
    long bytes,
    long keptFree,
    long rate,
    int atATime) {
  /** Where uploads land. */
  public static final Setting<Path> FOLDER =
      Setting.ofPath(
          "histoflow.upload.folder",
          null,
          "Folder that uploaded slides land in, which 'scan --watch' looks at");

  /** Port to listen on. */
  public static final Setting<Integer> PORT =
      Setting.ofInt(
          "histoflow.upload.port", 8081, 0, 65_535, "Port for uploads; 0 takes a free one");

  /** Users file. */
  public static final Setting<Path> USERS =
      Setting.ofPath(
          "histoflow.upload.users",
          null,
          "File of users who may upload, as that of the review page; the role viewer may not."
              + " Without one everybody on this machine may");

  /** Most bytes of a slide. */
  public static final Setting<Long> BYTES =
      Setting.ofLong(
          "histoflow.upload.bytes", 16L << 30, 1L, 1L << 40, "Most bytes of one uploaded slide");

  /** Fewest bytes a second. */
  public static final Setting<Long> RATE =
      Setting.ofLong(
          "histoflow.upload.rate",
          16_384L,
          1L,
          1L << 30,
          "Fewest bytes a second at which an upload must come, on average from its tenth second on");

  /** Address to listen on. */
  public static final Setting<String> HOST =
      Setting.ofString(
          "histoflow.upload.host",
          "127.0.0.1",
          "Address on which uploads are taken; other than loopback it needs"
              + " histoflow.upload.users");

  /** Bytes that stay free. */
  public static final Setting<Long> KEPT_FREE =
      Setting.ofLong(
          "histoflow.upload.free.bytes",
          2L << 30,
          0L,
          1L << 40,
          "Bytes that uploads leave free on the disk of their folder");

  private static final Setting<Integer> AT_A_TIME =
      Setting.ofInt(
          "histoflow.upload.at.a.time",
          4,
          1,
          64,
          "Most uploads at a time; further ones are told to come again");

  /** All of them. */
  public static final Settings SETTINGS =
      Settings.of("upload", HOST, PORT, USERS, FOLDER, BYTES, KEPT_FREE, RATE, AT_A_TIME);

  /** Refuses to be reached by others without a users file. */
  public UploadSettings {
    if (users.isEmpty() && !isLoopback(host)) {
      throw new ConfigException(
          "%s is %s, which others can reach, and there is no users file: set %s or listen on 127.0.0.1."
              .formatted(HOST.name(), host, USERS.name()));
    }
  }

  /**
   * Reads the settings.
   *
   * @throws ConfigException where the folder is missing or a value is not allowed
   */
  public static UploadSettings of(ServiceConfig config) {
    return new UploadSettings(
        config.get(HOST),
        config.get(PORT),
        config.find(USERS),
        config
            .find(FOLDER)
            .orElseThrow(
                () ->
                    new ConfigException(
                        FOLDER.name() + " is missing: say in which folder uploads land.")),
        config.get(BYTES),
        config.get(KEPT_FREE),
        config.get(RATE),
        config.get(AT_A_TIME));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ConfigException(
          HOST.name() + " is " + host + ", which is no address of this machine.", e);
    }
  }
}
