package io.histoflow.studies.paper;

import io.histoflow.datasets.LabelledTile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Images of one slide an organ, cut into contiguous blocks before anything is augmented: as far as
 * one slide allows, no tissue is on two sides. The images of an organ follow one another by the
 * numbers in their names.
 *
 * @param training the first three fifths of every organ
 * @param pool the fifth behind, from which the most uncertain tiles are corrected
 * @param test the last fifth
 */
record SlideBlocks(List<LabelledTile> training, List<LabelledTile> pool, List<LabelledTile> test) {

  /** Fewer images give one of the blocks none. */
  static final int LEAST_IMAGES = 3;

  private static final Pattern NUMBER = Pattern.compile("(\\d{1,9})\\D*$");

  /**
   * Cuts the images of every organ.
   *
   * @throws IllegalArgumentException where an organ has fewer than {@link #LEAST_IMAGES}
   */
  static SlideBlocks of(List<LabelledTile> images) {
    Map<String, List<LabelledTile>> byOrgan =
        images.stream()
            .collect(Collectors.groupingBy(LabelledTile::organ, TreeMap::new, Collectors.toList()));
    SlideBlocks blocks = new SlideBlocks(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    byOrgan.forEach(
        (organ, own) -> {
          if (own.size() < LEAST_IMAGES) {
            throw new IllegalArgumentException(
                "the organ %s has %d images; cutting it into three blocks takes %d"
                    .formatted(organ, own.size(), LEAST_IMAGES));
          }
          List<LabelledTile> inOrder =
              own.stream()
                  .sorted(
                      Comparator.comparingInt(SlideBlocks::number).thenComparing(LabelledTile::id))
                  .toList();
          int block = Math.max(1, Math.round(own.size() / 5f));
          int toPool = own.size() - 2 * block;
          blocks.training.addAll(inOrder.subList(0, toPool));
          blocks.pool.addAll(inOrder.subList(toPool, toPool + block));
          blocks.test.addAll(inOrder.subList(toPool + block, own.size()));
        });
    return blocks;
  }

  private static int number(LabelledTile image) {
    Matcher number = NUMBER.matcher(image.id());
    return number.find() ? Integer.parseInt(number.group(1)) : 0;
  }
}
