package io.histoflow.plots;

import java.awt.Color;
import java.util.List;

/**
 * Colours that people who are colour-blind can tell apart: those of Okabe and Ito, "Color Universal
 * Design" (2008), and greys. Their yellow is not among the {@link #LINES}: on white it is too pale.
 */
public final class Palette {
  public static final Color BLUE = new Color(0x0072b2);
  public static final Color VERMILION = new Color(0xd55e00);
  public static final Color GREEN = new Color(0x009e73);
  public static final Color PURPLE = new Color(0xcc79a7);
  public static final Color ORANGE = new Color(0xe69f00);
  public static final Color SKY_BLUE = new Color(0x56b4e9);
  public static final Color YELLOW = new Color(0xf0e442);
  public static final Color BLACK = new Color(0x1a1a1a);
  public static final Color GREY = new Color(0x777777);

  /** In the order in which lines take them. */
  public static final List<Color> LINES =
      List.of(BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY_BLUE, BLACK, GREY);

  private Palette() {}

  /** Returns the colour of a line, counted from 0; after the last colour they start again. */
  public static Color line(int index) {
    return LINES.get(Math.floorMod(index, LINES.size()));
  }
}
