package io.histoflow.results.slide;

import io.histoflow.results.outlines.ObjectSweep;
import java.util.function.Consumer;

/** The nuclei of a slide, one after the other: those that the borders of tiles cut are whole. */
public final class Nuclei {
  private Nuclei() {}

  /**
   * Shows every nucleus, in the order of their last rows.
   *
   * @return how often an object was so large that it was shown in pieces
   */
  public static long forEach(SlideResults slide, Consumer<Nucleus> nuclei) {
    NucleusIds ids = slide.ids();
    ObjectSweep<NucleusTraits> sweep =
        new ObjectSweep<>(
            NucleusTraits::new,
            (pixels, traits) ->
                nuclei.accept(
                    new Nucleus(ids.of(pixels), pixels, traits.meanEntropy(), traits.origins())));
    new SlideRows(slide).forEach(sweep::add);
    sweep.finish();
    return sweep.cut();
  }
}
