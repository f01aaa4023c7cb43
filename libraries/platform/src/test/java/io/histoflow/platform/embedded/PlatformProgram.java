package io.histoflow.platform.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that runs a platform until it is killed, and writes the registry's process id. */
public final class PlatformProgram {
  private PlatformProgram() {}

  public static void main(String[] arguments) throws Exception {
    Path dataDir = Path.of(arguments[0]);
    EmbeddedPlatform platform = EmbeddedPlatform.start(dataDir);
    Path pid = dataDir.resolve("registry.pid.new");
    Files.writeString(pid, Long.toString(platform.registryPid().orElseThrow()));
    Files.move(pid, dataDir.resolve("registry.pid"));
    new CountDownLatch(1).await();
  }
}
