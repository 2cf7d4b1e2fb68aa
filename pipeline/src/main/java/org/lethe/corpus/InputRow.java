package org.lethe.corpus;

import java.io.Serializable;
import java.util.List;

/** What became of one row of an input file. Every kind knows where it stood. */
sealed interface InputRow extends Serializable {

  Place place();

  /**
   * Where a row stands in the input.
   *
   * @param split number of the split that holds it
   * @param index how many rows stand before it in the split
   * @param file number of the file, in the order of the input
   * @param line line number in a JSON Lines file, row number in a Parquet file, from 1
   */
  record Place(int split, int index, int file, long line) implements Serializable {}

  /** A row that can be used. */
  record Accepted(Place place, ShardRow row, boolean truncated) implements InputRow {}

  /**
   * A row that cannot be used.
   *
   * @param field the configured name of the field concerned, or empty
   * @param id the row's id if it has a usable one, or empty
   * @param present names of the fields that the record has, where one is missing
   * @param raw the row as it was read; personal data
   */
  record Rejected(
      Place place, Defect defect, String field, String id, List<String> present, byte[] raw)
      implements InputRow {
    @Override
    public String toString() {
      return "Rejected[" + place + ", " + defect + "]";
    }
  }

  /** A row that the row filter leaves out. */
  record Filtered(Place place) implements InputRow {}
}
