package org.lethe.corpus.find;

import java.io.Serializable;
import java.util.List;
import org.lethe.corpus.input.ShardRow;

/**
 * A found row. Its text is personal data; {@code toString} shows id and digest only.
 *
 * @param place split and number of rows before it in the split, packed; orders the output
 * @param row the row, without tokens
 * @param subjects numbers of the subjects that it mentions
 * @param nearDuplicate whether it nearly repeats a given row
 */
record FoundRow(long place, ShardRow row, List<Integer> subjects, boolean nearDuplicate)
    implements Serializable {
  @Override
  public String toString() {
    return "FoundRow[" + row + "]";
  }
}
