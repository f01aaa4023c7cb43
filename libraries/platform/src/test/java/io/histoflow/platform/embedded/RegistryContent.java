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

  /** Every subject with the id and the text of its contract, as the registry lists them. */
  static String of(EmbeddedPlatform platform) throws IOException, InterruptedException {
    StringBuilder all = new StringBuilder();
    for (TopicSpec<?> topic : Topics.all()) {
      String subject = topic.subject();
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(platform.registryUrl() + "/subjects/" + subject + "/versions/1"))
              .timeout(Duration.ofSeconds(5))
              .build();
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("The registry answers " + response.statusCode());
      }
      all.append(response.body()).append('\n');
    }
    return all.toString();
  }
}
