package io.histoflow.segmentation.checkpoint;

import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 over the frozen encoder: what the network sees of colours, then name, shape and
 * values (float32, little-endian) of every encoder tensor in the order of the forward pass.
 */
final class EncoderFingerprint {

  private EncoderFingerprint() {}

  static String of(Weights weights) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ClinSegNetConfig config = weights.config();
      text(digest, "ClinSegNet " + config.inputColour().name());
      for (ParameterSpec spec : ParameterCatalogue.of(config).all()) {
        if (spec.group() == ParameterGroup.ENCODER) {
          text(digest, spec.name() + spec.shape());
          float[] values = weights.values(spec.name());
          ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asFloatBuffer().put(values);
          digest.update(bytes);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  private static void text(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
