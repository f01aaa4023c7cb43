package io.histoflow.loadtests.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.loadtests.inference.InferenceBench.Peer;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceBenchTest {

  private static final Path SCRIPT = Path.of("peers/pytorch_eager.py");
  private static final InferenceBenchSettings SHORT = new InferenceBenchSettings(2, 0.02, 32, 2);

  @TempDir private Path folder;

  @Test
  void shouldAgreeWithTheNetworkInPythonAndSayHowManyTimesAsFastItIs() throws Exception {
    // Given
    Optional<Peer> peer = Peer.find(List.of("python3", "/usr/bin/python3"), SCRIPT);
    Assumptions.assumeTrue(peer.isPresent(), InferenceBenchResult.NO_PEER);

    // When: it throws where the two compute different probabilities.
    JsonNode json = run(peer, Map.of("plain", network(false), "whole", network(true)));

    // Then
    for (String name : List.of("plain", "whole")) {
      JsonNode model = json.get("models").get(name);
      assertThat(model.get("imagesPerSecond").asDouble()).isPositive();
      assertThat(model.get("precision").asText()).isIn("fp32", "bf16");
      assertThat(model.get("peer").get("imagesPerSecond").asDouble()).isPositive();
      assertThat(model.get("ratio").asDouble()).isPositive();
    }
    assertThat(json.get("peer").get("torch").asText()).isNotEmpty();
    assertThat(json.get("peer").get("way").asText()).isEqualTo("fp32");
  }

  @Test
  void shouldRefuseAPeerThatComputesAnotherNetwork() throws Exception {
    // Given: a script that knows the commands, but gives probabilities of 0.
    Optional<Peer> peer = Peer.find(List.of("python3", "/usr/bin/python3"), SCRIPT);
    Assumptions.assumeTrue(peer.isPresent(), InferenceBenchResult.NO_PEER);
    Path script = folder.resolve("zero.py");
    Files.writeString(
        script,
        """
        import json, sys
        print(json.dumps({"torch": "0", "ways": ["fp32"]}), flush=True)
        for line in sys.stdin:
            open(line.split(maxsplit=1)[1].strip(), "wb").write(bytes(4 * 32 * 32))
            print(json.dumps({"values": 32 * 32}), flush=True)
        """);
    Peer wrong = new Peer(peer.get().python(), script);

    // When, Then
    assertThatThrownBy(() -> run(Optional.of(wrong), Map.of("whole", network(true))))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("computes another network");
  }

  @Test
  void shouldSayThatThereIsNothingToCompareWith() throws Exception {
    // Given
    Optional<Peer> nowhere = Peer.find(List.of("no-such-python"), SCRIPT);

    // When
    JsonNode json = run(nowhere, Map.of("whole", network(true)));

    // Then
    assertThat(json.get("models").get("whole").get("imagesPerSecond").asDouble()).isPositive();
    assertThat(json.get("peer").isNull()).isTrue();
    assertThat(json.get("ratio").isNull()).isTrue();
    assertThat(json.get("peerMissing").asText()).contains("python3-torch");
  }

  private JsonNode run(Optional<Peer> peer, Map<String, Checkpoint> models) throws Exception {
    return new InferenceBench(SHORT, Compute.cpu(), peer, ProgressListener.SILENT)
        .run(models, folder)
        .toJson();
  }

  private static Checkpoint network(boolean whole) {
    ClinSegNetConfig config =
        new ClinSegNetConfig(
            8,
            List.of("unknown", "kidney"),
            32,
            whole,
            whole,
            false,
            whole ? InputColour.RGB : InputColour.HAEMATOXYLIN);
    return new Checkpoint(
        Weights.initial(config, 1),
        new CheckpointMetadata(0, 0.5, "nothing", "untrained", Map.of()));
  }
}
