package io.histoflow.studies.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The page: one HTML file without scripts, links or anything to load, so that it can be mailed,
 * archived and printed. It follows the reader's light or dark colours.
 */
public final class EvaluationReport {

  private static final String STYLE = "report.css";

  /** Forbids what the page does not need, should an escape ever be forgotten. */
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

  private final ReportSubject subject;
  private final List<Section> sections;

  /**
   * @param sections in the order of the page
   */
  public EvaluationReport(ReportSubject subject, List<Section> sections) {
    this.subject = subject;
    this.sections = List.copyOf(sections);
  }

  /** The whole file, to be written as UTF-8. */
  public String html() {
    Html html = new Html();
    html.trusted("<!DOCTYPE html>\n").open("html", "lang", "en");
    head(html);
    html.open("body").open("main");
    header(html);
    for (Section section : sections) {
      html.open("section").element("h2", section.title());
      section.write(html);
      html.close();
    }
    html.close().close().close();
    return html.toString();
  }

  private String title() {
    return subject.checkpoint().modelId() + " on " + subject.dataSetNames();
  }

  private void head(Html html) {
    html.open("head");
    html.lone("meta", "charset", "utf-8");
    html.lone("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    html.lone("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.lone("meta", "name", "color-scheme", "content", "light dark");
    html.element("title", title());
    html.open("style").trusted(style()).close();
    html.close();
  }

  private void header(Html html) {
    html.open("header").element("p", "Evaluation", "class", "kind").element("h1", title());
    html.open("p", "class", "warning");
    if (subject.researchOnly()) {
      html.element("strong", "Research use only.").text(" ");
    }
    html.text("Not a medical device. Licence of the weights: ");
    html.text(subject.checkpoint().metadata().licence()).text(".").close();
    html.open("dl");
    fact(html, "model", subject.checkpoint().modelId());
    fact(html, "version", String.valueOf(subject.checkpoint().version()));
    fact(html, "SHA-256", subject.checkpoint().sha256());
    fact(html, "trained on", subject.checkpoint().metadata().trainingData());
    fact(html, "data set", subject.dataSetNames());
    fact(html, "mask threshold", subject.thresholds().describe());
    fact(
        html,
        "test-time augmentation",
        subject.flipsAndTurns() ? "mean of eight flips and turns" : "none");
    fact(html, "measured on", subject.date().toString());
    html.close().close();
  }

  private static void fact(Html html, String name, String value) {
    html.element("dt", name).element("dd", value);
  }

  private static String style() {
    try (InputStream in = EvaluationReport.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks " + STYLE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(STYLE + " cannot be read", e);
    }
  }
}
