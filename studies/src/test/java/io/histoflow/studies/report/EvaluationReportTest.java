package io.histoflow.studies.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.evaluation.EvaluatedModel;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.studies.cost.ModelCost;
import io.histoflow.studies.cost.NetworkCost;
import io.histoflow.studies.cost.Speed;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class EvaluationReportTest {

  private static final String EVIL = "<script>alert('x')</script>\"&";

  @Test
  void shouldCarryEverythingInsideOneFile() throws Exception {
    // When
    String html = report("research use only: trained on MoNuSeg", "kidney");

    // Then: nothing to run, nothing to load; every picture is whole
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .doesNotContain("<script", "http:", "https:", "<link", "url(", "@import");
    Matcher pictures = Pattern.compile("src=\"([^\"]*)\"").matcher(html);
    int count = 0;
    while (pictures.find()) {
      assertThat(pictures.group(1)).startsWith("data:image/png;base64,");
      byte[] png = Base64.getDecoder().decode(pictures.group(1).split(",", 2)[1]);
      assertThat(new ImageDecoder(ImageLimits.forTiles()).decode(png).width()).isPositive();
      count++;
    }
    assertThat(count).as("two charts and five pictures of each of three images").isEqualTo(17);
  }

  @Test
  void shouldNameModelDataAndThreshold() {
    // Given
    Checkpoint checkpoint = checkpoint("any");

    // When
    String html = report("any", "kidney");

    // Then: the folder by its name, not where it lies
    assertThat(html)
        .contains(checkpoint.modelId(), checkpoint.sha256(), "<dd>7</dd>", "0.450", "2026-01-31")
        .contains("tissue &lt;1&gt;")
        .doesNotContain("somewhere");
  }

  @Test
  void shouldWarnOfResearchUseWhereTheLicenceSaysSo() {
    assertThat(report("Research use only: CC BY-NC-SA 4.0", "kidney"))
        .contains("<strong>Research use only.</strong>")
        .contains("Not a medical device.");
    assertThat(report("CC0", "kidney"))
        .doesNotContain("Research use only")
        .contains("Not a medical device.");
  }

  @Test
  void shouldEscapeWhateverComesFromOutside() {
    // When: the licence and the organ are both hostile
    String html = report(EVIL, EVIL);

    // Then
    assertThat(html).doesNotContain("<script").contains("&lt;script&gt;alert(&#39;x&#39;)");
  }

  @Test
  void shouldCloseEveryElement() throws Exception {
    // Given: HTML that is also XML once its lone elements are closed
    String html =
        report("any", "kidney")
            .replace("<!DOCTYPE html>", "")
            .replaceAll("<(meta|img)([^>]*)>", "<$1$2/>");

    // When and then: it parses
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  @Test
  void shouldShowFiguresThatAreUndefinedAsDashes() {
    // Given: one image with nothing to find and nothing found
    LabelledTile tile = new SyntheticTissue(1).tile("kidney", 0, 16);
    LabelledTile empty =
        new LabelledTile("e", "kidney", tile.image(), Mask.of(16, 16, new byte[256]));
    Evaluation evaluation =
        evaluator(0).evaluateTiles(List.of(empty), 0.45, ProgressListener.SILENT);

    // When
    String html = new EvaluationReport(subject("any"), evaluation, cost(), List.of()).html();

    // Then
    assertThat(html).contains("<td>–</td>").doesNotContain("NaN");
  }

  private static String report(String licence, String organ) {
    List<LabelledTile> tiles =
        List.of(tile("a", organ, 0), tile("b" + EVIL, organ, 1), tile("c", organ, 2));
    Evaluator evaluator = evaluator(0.5f);
    Evaluation evaluation = evaluator.evaluateTiles(tiles, 0.45, ProgressListener.SILENT);
    List<Showcase> showcases =
        ShowcaseChoice.of(evaluation.results()).stream()
            .map(
                choice ->
                    Showcase.of(
                        choice.reason(),
                        evaluation.results().get(choice.index()),
                        tiles.get(choice.index()),
                        evaluator.probabilities(tiles.get(choice.index()))))
            .toList();
    return new EvaluationReport(subject(licence), evaluation, cost(), showcases).html();
  }

  private static ModelCost cost() {
    return new ModelCost(
        NetworkCost.of(TestWeights.config(4), 224),
        new Speed(10, 20, 30, Double.NaN),
        Compute.CPU,
        Precision.FP32,
        2);
  }

  /** Says more of dark pixels than of light ones. */
  private static Evaluator evaluator(float most) {
    return new Evaluator(
        (image, organ) -> {
          float[] p = new float[image.width() * image.height()];
          for (int i = 0; i < p.length; i++) {
            p[i] = most * (2 - (image.rgb()[3 * i] & 0xFF) / 127.5f);
          }
          return p;
        },
        new EvaluatedModel("m", 7, 4, "ab"));
  }

  private static LabelledTile tile(String id, String organ, int index) {
    LabelledTile drawn = new SyntheticTissue(1).tile("kidney", index, 64);
    return new LabelledTile(id, organ, drawn.image(), drawn.mask());
  }

  private static ReportSubject subject(String licence) {
    return new ReportSubject(
        checkpoint(licence),
        List.of(Path.of("somewhere", "tissue <1>")),
        MaskThresholds.uncalibrated(0.45),
        OptionalDouble.empty(),
        false,
        LocalDate.of(2026, 1, 31));
  }

  private static Checkpoint checkpoint(String licence) {
    return new Checkpoint(
        TestWeights.random(TestWeights.config(4), 1),
        new CheckpointMetadata(7, 0.45, "synthetic tiles", licence, Map.of()));
  }
}
