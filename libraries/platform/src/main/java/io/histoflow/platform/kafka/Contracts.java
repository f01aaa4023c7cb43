package io.histoflow.platform.kafka;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TopicCatalogue;
import io.histoflow.schemas.TopicLayout;
import io.histoflow.schemas.Topics;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/**
 * Brings topics and subjects of a cluster in order: makes what is missing, checks what is there.
 */
public final class Contracts {
  private Contracts() {}

  /**
   * Does so with all of them.
   *
   * @param config with {@link CommonSettings}
   * @throws io.histoflow.schemas.TopicMismatchException as {@link #ensureTopics}
   * @throws io.histoflow.schemas.IncompatibleContractException where the registry holds contracts
   *     that ours would break
   * @throws org.apache.kafka.common.errors.RetriableException where brokers or registry do not
   *     answer
   */
  public static void ensure(ServiceConfig config) {
    ensureTopics(config);
    ensureSubjects(config);
  }

  /**
   * Does so with the topics.
   *
   * @throws io.histoflow.schemas.TopicMismatchException where an existing topic would lose or
   *     refuse records, or one is missing that must not be made here
   */
  public static void ensureTopics(ServiceConfig config) {
    try (Admin admin = new KafkaClients(config, "catalogue").admin()) {
      List<TopicLayout> layouts = Topics.layouts(config.get(CommonSettings.SCANNED_PARTITIONS));
      if (config.get(CommonSettings.TOPICS_CREATE)) {
        TopicCatalogue.ensure(
            admin, config.get(CommonSettings.REPLICATION_FACTOR).shortValue(), layouts);
      } else {
        TopicCatalogue.require(admin, layouts);
      }
    }
  }

  /** Does so with the subjects. */
  public static void ensureSubjects(ServiceConfig config) {
    SubjectCatalogue.ensure(config.clientProperties());
  }
}
