package io.histoflow.ihc.registration;

import io.histoflow.ihc.plane.Plane;
import io.histoflow.ihc.transform.Affine;
import io.histoflow.ihc.transform.FreeForm;
import io.histoflow.ihc.transform.Transform;
import java.util.ArrayList;
import java.util.List;

/**
 * How the fixed section lies on the moving one.
 *
 * @param start the translation or turn that the search began from
 * @param affine the best affine transform
 * @param transform the same, bent; the affine transform itself where bending was not wanted, did
 *     not raise the correlation or folded the image
 * @param before correlation of both as they lie, smoothed by 8 pixels, -1..1
 * @param after correlation under the transform
 */
public record Registration(
    Affine start, Affine affine, Transform transform, double before, double after) {

  private static final int COARSEST = 16;
  private static final int STARTS = 4;

  /** Registers two planes that show much the same, such as haematoxylin. */
  public static Registration of(Plane fixed, Plane moving, RegistrationSettings settings) {
    Level coarsest = new Level(fixed, moving, COARSEST);
    Level coarse = new Level(fixed, moving, 8);
    Level middle = new Level(fixed, moving, 4);
    Level fine = new Level(fixed, moving, 2);
    AffineFit fit = new AffineFit(settings.stiffness());
    List<Affine> starts = new ArrayList<>();
    if (settings.turned()) {
      starts.add(Affine.IDENTITY);
      starts.addAll(StartSearch.turned(coarsest, settings.reach(), STARTS));
    } else {
      starts.add(
          StartSearch.translation(List.of(coarse, middle), Affine.IDENTITY, settings.reach()));
    }
    // A coarse optimum need not be the fine one: every start goes all the way down.
    Affine start = starts.get(0);
    Affine best = start;
    double correlation = -2;
    for (Affine candidate : starts) {
      Affine reached = candidate;
      for (Level level : List.of(coarse, middle, fine)) {
        reached = fit.improve(reached, level);
      }
      double here = fine.correlation(reached);
      if (here > correlation) {
        start = candidate;
        best = reached;
        correlation = here;
      }
    }
    Transform bent = bent(best, fine, fixed, settings);
    return new Registration(
        start, best, bent, middle.correlation(Affine.IDENTITY), middle.correlation(bent));
  }

  /** At the finest level only: a coarser one draws the affine part back to its own optimum. */
  private static Transform bent(
      Affine affine, Level level, Plane fixed, RegistrationSettings settings) {
    if (settings.penalty() == 0) {
      return affine;
    }
    FreeForm bent =
        new FreeFormFit(settings.spacing(), settings.penalty())
            .improve(affine, level, fixed.width(), fixed.height());
    return foldedShare(bent, fixed.width(), fixed.height()) > 0 ? affine : bent;
  }

  /** Returns the share of an image, seen every eight pixels, over which a transform is folded. */
  public static double foldedShare(Transform transform, int width, int height) {
    int folded = 0;
    int seen = 0;
    for (int y = 0; y < height; y += 8) {
      for (int x = 0; x < width; x += 8) {
        folded += transform.determinant(x, y) <= 0 ? 1 : 0;
        seen++;
      }
    }
    return (double) folded / seen;
  }
}
