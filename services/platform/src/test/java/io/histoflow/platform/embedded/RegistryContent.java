package io.histoflow.platform.embedded;

import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a registry holds. */
final class RegistryContent {
  private RegistryContent() {}

  /** Every schema id with its subjects and versions, as the registry lists them. */
  static String of(EmbeddedPlatform platform) throws IOException, InterruptedException {
    StringBuilder all = new StringBuilder();
    // Topics of the same contract share its id.
    long contracts = Topics.all().stream().map(TopicSpec::valueType).distinct().count();
    for (int id = 1; id <= contracts; id++) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(platform.registryUrl() + "/schemas/ids/" + id + "/versions"))
              .timeout(Duration.ofSeconds(5))
              .build();
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("The registry answers " + response.statusCode());
      }
      all.append(id).append(' ').append(response.body()).append('\n');
    }
    return all.toString();
  }
}
