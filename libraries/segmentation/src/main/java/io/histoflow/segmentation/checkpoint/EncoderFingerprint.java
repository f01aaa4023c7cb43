package io.histoflow.segmentation.checkpoint;

import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.Weights;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The SHA-256 over the frozen encoder: the architecture's name, what the network sees of colours,
 * then name, shape and values (float32, little-endian) of every encoder tensor in the order of the
 * forward pass.
 */
final class EncoderFingerprint {

  private EncoderFingerprint() {}

  static String of(Weights weights) {
    Architecture config = weights.config();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    text(bytes, config.name() + " " + config.inputColour().name());
    for (ParameterSpec spec : ParameterCatalogue.of(config).all()) {
      if (spec.group() == ParameterGroup.ENCODER) {
        text(bytes, spec.name() + spec.shape());
        float[] values = weights.values(spec.name());
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        bytes.writeBytes(buffer.array());
      }
    }
    return Safetensors.sha256(bytes.toByteArray());
  }

  private static void text(ByteArrayOutputStream bytes, String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    bytes.write(0);
  }
}
