package io.histoflow.evaluation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;

/** Figures as JSON, in the same way in every result: a figure that is undefined is null. */
public final class FigureJson {
  private static final ObjectMapper RECORDS =
      new ObjectMapper()
          .registerModule(
              new SimpleModule()
                  .addSerializer(double.class, new Figure())
                  .addSerializer(Double.class, new Figure()));

  private FigureJson() {}

  /**
   * Returns {@code {"images", "recall": {"mean", "sd"}, "fnr", "precision", "dice", "iou", "micro":
   * {"recall", ...}}}: means are over images, {@code micro} is over all pixels.
   */
  public static ObjectNode of(Summary summary) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("images", summary.images());
    json.set("recall", of(summary.recall()));
    json.set("fnr", of(summary.falseNegativeRate()));
    json.set("precision", of(summary.precision()));
    json.set("dice", of(summary.dice()));
    json.set("iou", of(summary.iou()));
    ObjectNode micro = json.putObject("micro");
    Confusion pixels = summary.micro();
    put(micro, "recall", pixels.recall());
    put(micro, "fnr", pixels.falseNegativeRate());
    put(micro, "precision", pixels.precision());
    put(micro, "dice", pixels.dice());
    put(micro, "iou", pixels.iou());
    put(micro, "averagePrecision", summary.curve().averagePrecision());
    micro.put("pixels", pixels.pixels());
    return json;
  }

  /** Returns the components of a record under their names, and those of records in it. */
  public static ObjectNode ofRecord(Record components) {
    return RECORDS.valueToTree(components);
  }

  /** Returns {@code {"mean", "sd"}}. */
  public static ObjectNode of(Spread spread) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "mean", spread.mean());
    put(json, "sd", spread.sd());
    return json;
  }

  /** Returns {@code {"mean", "low", "high"}}. */
  public static ObjectNode of(PairedDifference difference) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "mean", difference.mean());
    put(json, "low", difference.low());
    put(json, "high", difference.high());
    return json;
  }

  /** Puts a number, null in place of NaN. */
  public static void put(ObjectNode json, String name, double value) {
    if (Double.isNaN(value)) {
      json.putNull(name);
    } else {
      json.put(name, value);
    }
  }

  /** Writes a number, null in place of NaN. */
  private static final class Figure extends StdScalarSerializer<Double> {
    private static final long serialVersionUID = 1L;

    Figure() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (value.isNaN()) {
        json.writeNull();
      } else {
        json.writeNumber(value);
      }
    }
  }
}
