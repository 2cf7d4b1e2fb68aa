package org.lethe.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Covered rows whose logits exist at the same time.
 *
 * @param first first covered row
 * @param count number of covered rows
 * @param cover whether the range holds its sequences completely
 */
record RowRange(int first, int count, SequenceCover cover) {
  /** Whether a range holds its sequences completely. */
  enum SequenceCover {
    WHOLE,
    PARTIAL
  }

  /**
   * Splits covered rows into ranges of at most {@code limit} rows. Sequences (or groups) stay whole
   * if they fit; one that does not fit alone is cut.
   *
   * @param sequences the sequence (or group) of each covered row, ascending
   */
  static List<RowRange> chunks(int[] sequences, int limit) {
    List<RowRange> chunks = new ArrayList<>();
    int first = 0;
    int end = 0;
    while (end < sequences.length) {
      int next = endOfSequence(sequences, end);
      if (next - first <= limit) {
        end = next;
      } else if (end > first) {
        chunks.add(new RowRange(first, end - first, SequenceCover.WHOLE));
        first = end;
      } else {
        for (; first < next; first += limit) {
          int count = Math.min(limit, next - first);
          chunks.add(new RowRange(first, count, SequenceCover.PARTIAL));
        }
        first = next;
        end = next;
      }
    }
    if (end > first) {
      chunks.add(new RowRange(first, end - first, SequenceCover.WHOLE));
    }
    return chunks;
  }

  private static int endOfSequence(int[] sequences, int from) {
    int end = from;
    while (end < sequences.length && sequences[end] == sequences[from]) {
      end++;
    }
    return end;
  }
}
