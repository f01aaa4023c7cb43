package io.histoflow.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCalibration;
import io.histoflow.schemas.OrganMaskThreshold;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What weights are, in bytes: everything that decides which masks they give. Two records with the
 * same statement are the same weights, and a signature is one of these bytes. The tensors stand in
 * it by their SHA-256, which {@link WeightsVerifier} compares.
 */
public final class WeightsStatement {
  private static final String FORM = "histoflow weights 1";

  private WeightsStatement() {}

  /** Returns the statement: the same bytes for the same weights, in every version of histoflow. */
  public static byte[] of(DecoderWeights weights) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      text(out, FORM);
      text(out, weights.getModelId());
      out.writeLong(weights.getVersion());
      text(out, weights.getEncoderFingerprint());
      text(out, weights.getSha256());
      out.writeDouble(weights.getMaskThreshold());
      calibration(out, weights.getCalibration());
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory take anything", e);
    }
    return bytes.toByteArray();
  }

  private static void calibration(DataOutputStream out, MaskCalibration calibration)
      throws IOException {
    out.writeBoolean(calibration != null);
    if (calibration == null) {
      return;
    }
    figure(out, calibration.getLevel());
    out.writeInt(calibration.getUnits());
    figure(out, calibration.getFalseNegativeRate());
    out.writeInt(calibration.getOrgans().size());
    for (Map.Entry<String, OrganMaskThreshold> own :
        new TreeMap<>(calibration.getOrgans()).entrySet()) {
      text(out, own.getKey());
      out.writeDouble(own.getValue().getThreshold());
      out.writeInt(own.getValue().getUnits());
      figure(out, own.getValue().getFalseNegativeRate());
    }
  }

  private static void figure(DataOutputStream out, Double figure) throws IOException {
    out.writeBoolean(figure != null);
    if (figure != null) {
      out.writeDouble(figure);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
