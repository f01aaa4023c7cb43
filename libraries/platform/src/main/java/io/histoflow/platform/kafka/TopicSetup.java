package io.histoflow.platform.kafka;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.schemas.TopicCatalogue;
import io.histoflow.schemas.Topics;
import org.apache.kafka.clients.admin.Admin;

/** Creates the topics of the catalogue as a service's configuration says. */
public final class TopicSetup {

  private TopicSetup() {}

  /**
   * Creates the topics that are missing and checks those that exist.
   *
   * @param admin client of the cluster
   * @param config with {@link CommonSettings}
   * @throws io.histoflow.schemas.TopicMismatchException where an existing topic would lose or
   *     refuse records
   */
  public static void ensure(Admin admin, ServiceConfig config) {
    TopicCatalogue.ensure(
        admin,
        config.get(CommonSettings.REPLICATION_FACTOR).shortValue(),
        Topics.layouts(config.get(CommonSettings.SCANNED_PARTITIONS)));
  }
}
