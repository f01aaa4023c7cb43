package io.histoflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCalibration;
import io.histoflow.schemas.OrganMaskThreshold;
import io.histoflow.schemas.SegmentationQuality;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsKeysTest {
  @TempDir private Path folder;
  private ServiceConfig config;

  @BeforeEach
  void makeKeys() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    config =
        ServiceConfig.of(
            Map.of(
                "histoflow.weights.signing.key",
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
                "histoflow.weights.public.key",
                pem("PUBLIC KEY", pair.getPublic().getEncoded())));
  }

  @Test
  void shouldVerifyWhatItSignedAndNothingElse() {
    // Given
    WeightsKeys keys = WeightsKeys.from(config);
    DecoderWeights weights = weights(0.5, 0.4);
    Headers headers = new RecordHeaders();
    // When
    headers.add(WeightsKeys.HEADER, keys.sign(weights).orElseThrow());
    // Then
    assertThat(keys.whyNotSigned(weights, headers)).isEmpty();
    assertThat(keys.whyNotSigned(weights(0.6, 0.4), headers)).isPresent();
    assertThat(keys.whyNotSigned(weights(0.5, 0.3), headers)).isPresent();
    assertThat(keys.whyNotSigned(weights, new RecordHeaders())).isPresent();
  }

  @Test
  void shouldNeitherSignNorAskWithoutKeys() {
    // Given
    WeightsKeys keys = WeightsKeys.from(ServiceConfig.of(Map.of()));
    // When / Then
    assertThat(keys.sign(weights(0.5, 0.4))).isEmpty();
    assertThat(keys.whyNotSigned(weights(0.5, 0.4), new RecordHeaders())).isEmpty();
  }

  @Test
  void shouldSayWhichFileIsNoKeyAndHowToMakeOne() throws Exception {
    // Given
    Path file = Files.writeString(folder.resolve("rubbish"), "-----BEGIN RSA KEY-----");
    // When / Then
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () -> WeightsKeys.from(config.with("histoflow.weights.public.key", file.toString())))
        .withMessageContaining("histoflow.weights.public.key names " + file)
        .withMessageContaining("is no PEM file of such a key")
        .withMessageContaining("openssl pkey");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () -> WeightsKeys.from(config.with("histoflow.weights.signing.key", "/no/such/file")))
        .withMessageContaining("cannot be read");
  }

  @Test
  void shouldRefuseAPublisherWhoseWeightsWouldNotPass() throws Exception {
    // Given
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    String file = pem("PUBLIC KEY", other.getPublic().getEncoded());
    // When / Then
    WeightsKeys.none().requireOwnAccepted();
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () ->
                WeightsKeys.from(ServiceConfig.of(Map.of("histoflow.weights.public.key", file)))
                    .requireOwnAccepted())
        .withMessageContaining("there is no key");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> WeightsKeys.from(config).requireOwnAccepted())
        .withMessageContaining("the signing key is not the one");
  }

  private String pem(String label, byte[] der) throws Exception {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
    return Files.writeString(folder.resolve(label), text).toString();
  }

  private static DecoderWeights weights(double threshold, double ofKidney) {
    SegmentationQuality quality =
        SegmentationQuality.newBuilder().setImages(4).setThreshold(0.5).build();
    return DecoderWeights.newBuilder()
        .setModelId("net")
        .setVersion(1)
        .setParentVersion(0)
        .setEncoderFingerprint("f")
        .setSha256("s")
        .setSafetensors(ByteBuffer.allocate(0))
        .setMaskThreshold(threshold)
        .setCalibration(
            MaskCalibration.newBuilder()
                .setOrgans(Map.of("kidney", new OrganMaskThreshold(ofKidney, 0, null)))
                .build())
        .setBefore(quality)
        .setAfter(quality)
        .setExamplesUsed(1)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
