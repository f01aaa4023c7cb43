package io.histoflow.results.outlines;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Sets of pixels drawn with letters, and what a slow but plain search finds in them. */
final class Pictures {
  private Pictures() {}

  /** Every character that is not a dot or a blank is a pixel. */
  static boolean[][] of(String... rows) {
    boolean[][] picture = new boolean[rows.length][rows[0].length()];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < rows[y].length(); x++) {
        picture[y][x] = rows[y].charAt(x) != '.' && rows[y].charAt(x) != ' ';
      }
    }
    return picture;
  }

  static boolean[][] noise(int width, int height, double share, long seed) {
    Random random = new Random(seed);
    boolean[][] picture = new boolean[height][width];
    for (boolean[] row : picture) {
      for (int x = 0; x < width; x++) {
        row[x] = random.nextDouble() < share;
      }
    }
    return picture;
  }

  static PixelSet pixels(boolean[][] picture) {
    RunList runs = new RunList();
    for (int y = 0; y < picture.length; y++) {
      for (int x = 0; x < picture[y].length; x++) {
        if (picture[y][x]) {
          runs.add(y, x, x + 1);
        }
      }
    }
    return runs.pixels();
  }

  /** Connected through edges, by flooding. */
  static List<PixelSet> objects(boolean[][] picture) {
    boolean[][] left = new boolean[picture.length][];
    for (int y = 0; y < picture.length; y++) {
      left[y] = picture[y].clone();
    }
    List<PixelSet> objects = new ArrayList<>();
    for (int y = 0; y < left.length; y++) {
      for (int x = 0; x < left[y].length; x++) {
        if (left[y][x]) {
          RunList runs = new RunList();
          flood(left, x, y, runs);
          objects.add(runs.pixels());
        }
      }
    }
    return objects;
  }

  private static void flood(boolean[][] left, int startX, int startY, RunList runs) {
    List<int[]> todo = new ArrayList<>(List.of(new int[] {startX, startY}));
    while (!todo.isEmpty()) {
      int[] at = todo.remove(todo.size() - 1);
      int x = at[0];
      int y = at[1];
      if (y < 0 || y >= left.length || x < 0 || x >= left[y].length || !left[y][x]) {
        continue;
      }
      left[y][x] = false;
      runs.add(y, x, x + 1);
      todo.add(new int[] {x + 1, y});
      todo.add(new int[] {x - 1, y});
      todo.add(new int[] {x, y + 1});
      todo.add(new int[] {x, y - 1});
    }
  }
}
