package io.histoflow.launcher.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.CRC32;

/**
 * Halves a data set by patient, organ by organ: the expert corrects tiles of one half only, and
 * before and after are measured on the other. Patients are dealt in the order of a checksum of
 * their id, so that the split is the same in every run and owes nothing to file order.
 */
final class HeldOutSplit {
  private HeldOutSplit() {}

  /**
   * Chooses what is held out.
   *
   * @param items all items
   * @param organ organ of an item
   * @param patient patient of an item; items of one patient stay together
   * @return the items that are held out, about half of each organ
   */
  static <T> Set<T> choose(List<T> items, Function<T, String> organ, Function<T, String> patient) {
    Map<String, Map<String, List<T>>> byOrgan = new TreeMap<>();
    for (T item : items) {
      byOrgan
          .computeIfAbsent(organ.apply(item), o -> new TreeMap<>())
          .computeIfAbsent(patient.apply(item), p -> new ArrayList<>())
          .add(item);
    }
    Set<T> heldOut = new HashSet<>();
    byOrgan.values().forEach(patients -> deal(patients, heldOut));
    return heldOut;
  }

  private static <T> void deal(Map<String, List<T>> patients, Set<T> heldOut) {
    List<String> order = new ArrayList<>(patients.keySet());
    order.sort(Comparator.comparingLong(HeldOutSplit::checksum).thenComparing(p -> p));
    int balance = 0;
    for (String patient : order) {
      List<T> items = patients.get(patient);
      if (balance > 0) {
        heldOut.addAll(items);
        balance -= items.size();
      } else {
        balance += items.size();
      }
    }
  }

  private static long checksum(String patient) {
    CRC32 crc = new CRC32();
    crc.update(patient.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
