package io.histoflow.routing;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.schemas.Groups;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * Tells the brokers how many copies of its state the group keeps on other instances. With the
 * streams protocol they assign tasks, and what a client's {@code num.standby.replicas} says counts
 * for nothing (KIP-1071).
 */
final class StandbySetup {
  private static final String STANDBYS = "streams.num.standby.replicas";
  private static final ConfigResource GROUP =
      new ConfigResource(ConfigResource.Type.GROUP, Groups.ROUTING);

  private StandbySetup() {}

  /**
   * Sets the group's standbys to what is configured, where they are not.
   *
   * @throws ServiceException where the brokers do not let it
   */
  static void ensure(Admin admin, ServiceConfig config) throws InterruptedException {
    int wanted = config.get(RoutingServiceSettings.STANDBY_REPLICAS);
    if (config.get(RoutingServiceSettings.GROUP_PROTOCOL)
        == RoutingServiceSettings.GroupProtocol.CLASSIC) {
      return;
    }
    try {
      ConfigEntry now = admin.describeConfigs(List.of(GROUP)).all().get().get(GROUP).get(STANDBYS);
      if (now == null || !now.value().equals(Integer.toString(wanted))) {
        ConfigEntry entry = new ConfigEntry(STANDBYS, Integer.toString(wanted));
        admin
            .incrementalAlterConfigs(Map.of(GROUP, List.of(new AlterConfigOp(entry, OpType.SET))))
            .all()
            .get();
      }
    } catch (ExecutionException e) {
      // Who wants none needs no right to say so.
      if (wanted > 0 || !(e.getCause() instanceof AuthorizationException)) {
        throw new ServiceException(
            "The brokers do not let it set "
                + STANDBYS
                + " of group "
                + Groups.ROUTING
                + ": "
                + Sentences.of(e.getCause()),
            e);
      }
    }
  }
}
