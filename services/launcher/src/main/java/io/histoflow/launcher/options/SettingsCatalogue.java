package io.histoflow.launcher.options;

import io.histoflow.finetuning.FineTuningService;
import io.histoflow.inference.InferenceService;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Settings;
import io.histoflow.reporting.ReportingService;
import io.histoflow.review.ReviewService;
import io.histoflow.routing.RoutingService;
import io.histoflow.scanning.SlideScanner;
import io.histoflow.scanning.upload.UploadServer;
import java.util.List;

/** Every setting there is; one file may serve every service of a cluster. */
public final class SettingsCatalogue {
  /** The settings of every service, those that all share first. */
  public static final List<Settings> ALL =
      List.of(
          CommonSettings.SETTINGS,
          SlideScanner.SETTINGS,
          UploadServer.SETTINGS,
          InferenceService.SETTINGS,
          RoutingService.SETTINGS,
          ReviewService.SETTINGS,
          FineTuningService.SETTINGS,
          ReportingService.SETTINGS);

  private SettingsCatalogue() {}

  /**
   * Returns the configuration.
   *
   * @throws io.histoflow.platform.config.ConfigException where it has a setting that nobody knows
   */
  public static ServiceConfig known(ServiceConfig config) {
    config.requireKnown(ALL.toArray(Settings[]::new));
    return config;
  }
}
