package io.histoflow.topology.reports;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * When each version of the weights segmented a tile of a slide for the first time, the {@value
 * #MOST_VERSIONS} newest versions only. It is the same in whatever order results come.
 *
 * @param firsts milliseconds since the epoch by version, ascending
 */
record ModelHistory(NavigableMap<Long, Long> firsts) {
  static final ModelHistory EMPTY = new ModelHistory(new TreeMap<>());

  private static final int MOST_VERSIONS = 100;

  ModelHistory {
    firsts = Collections.unmodifiableNavigableMap(new TreeMap<>(firsts));
  }

  /** Returns the history with one more result. */
  ModelHistory with(long version, long segmentedAt) {
    Long first = firsts.get(version);
    if (first != null && first <= segmentedAt) {
      return this;
    }
    NavigableMap<Long, Long> next = new TreeMap<>(firsts);
    next.put(version, segmentedAt);
    if (next.size() > MOST_VERSIONS) {
      next.pollFirstEntry();
    }
    return new ModelHistory(next);
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(firsts.size());
    for (Map.Entry<Long, Long> first : firsts.entrySet()) {
      out.writeLong(first.getKey());
      out.writeLong(first.getValue());
    }
  }

  static ModelHistory read(DataInput in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > MOST_VERSIONS) {
      throw new IOException("a history of " + size + " model versions");
    }
    NavigableMap<Long, Long> firsts = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      firsts.put(in.readLong(), in.readLong());
    }
    return new ModelHistory(firsts);
  }
}
