package io.histoflow.studies.report;

import io.histoflow.evaluation.Confusion;
import io.histoflow.imaging.HeatMap;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.TileGrid.Tile;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbPng;
import java.util.List;
import java.util.Locale;

/** Tiles beside truth, mask, entropy and errors. */
public final class ImagesSection implements Section {

  private final List<Showcase> showcases;

  /** Shows images; six of 384x384 pixels take about 5 MB of the page. */
  public ImagesSection(List<Showcase> showcases) {
    this.showcases = List.copyOf(showcases);
  }

  @Override
  public String title() {
    return "Images";
  }

  @Override
  public void write(Html html) {
    if (showcases.isEmpty()) {
      html.element("p", "No image has anything to find, so none is shown.");
      return;
    }
    html.element(
        "p",
        "Images of worst, median and best recall, cut to where most pixels were missed. The"
            + " figures are of the whole image.");
    legend(html);
    showcases.forEach(showcase -> write(html, showcase));
  }

  private static void legend(Html html) {
    html.open("ul", "class", "legend");
    for (Overlay.Kind kind : Overlay.Kind.values()) {
      html.open("li");
      String colour = String.format(Locale.ROOT, "background:#%06x", kind.colour());
      html.element("span", "", "class", "swatch", "style", colour);
      html.text(kind.label());
      html.close();
    }
    html.open("li").text("entropy: 0 bit ").element("span", "", "class", "ramp").text(" 1 bit");
    html.close().close();
  }

  private static void write(Html html, Showcase showcase) {
    Confusion figures = showcase.result().confusion();
    html.open("article");
    html.element("h3", showcase.reason() + ": " + showcase.result().id());
    html.element(
        "p",
        String.format(
            Locale.ROOT,
            "%s; recall %s, precision %s, Dice %s at threshold %s; %s",
            showcase.result().organ(),
            Figures.share(figures.recall()),
            Figures.share(figures.precision()),
            Figures.share(figures.dice()),
            Figures.number("%.3f", showcase.result().threshold()),
            where(showcase.window())));
    html.open("div", "class", "pictures");
    Mask mask = showcase.segmentation().mask();
    Mask truth = showcase.tile().mask();
    picture(html, "tile", RgbPng.encode(showcase.tile().image()));
    picture(html, "truth", MaskPng.encode(truth));
    picture(html, "mask", MaskPng.encode(mask));
    picture(html, "entropy", RgbPng.encode(HeatMap.of(showcase.segmentation().entropy().map())));
    picture(
        html,
        "hits, misses, false alarms",
        RgbPng.encode(Overlay.of(showcase.tile().image(), mask, truth)));
    html.close().close();
  }

  private static String where(Tile window) {
    return String.format(
        Locale.ROOT,
        "shown are %d x %d pixels from (%d, %d).",
        window.width(),
        window.height(),
        window.x(),
        window.y());
  }

  private static void picture(Html html, String caption, byte[] png) {
    html.open("figure").png(png, caption).element("figcaption", caption).close();
  }
}
