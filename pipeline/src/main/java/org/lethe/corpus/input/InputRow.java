package org.lethe.corpus.input;

import java.io.Serializable;
import java.util.List;

/** Result of reading one row of an input file. Every kind has its place in the input. */
public sealed interface InputRow extends Serializable {

  Place place();

  /**
   * Position of a row in the input.
   *
   * @param split number of the split that contains it
   * @param index number of rows before it in the split
   * @param file number of the file, in the order of the input
   * @param line line number in a JSON Lines file, row number in a Parquet file, from 1
   */
  record Place(int split, int index, int file, long line) implements Serializable {}

  /** A usable row. */
  record Accepted(Place place, ShardRow row, boolean truncated) implements InputRow {}

  /**
   * An unusable row.
   *
   * @param field configured name of the faulty field, or empty
   * @param kind kind of the faulty value, such as "list", or empty
   * @param id the row's id if it has a usable one, or empty
   * @param present names of the record's fields, if one is missing
   * @param raw the row as read; personal data
   */
  record Rejected(
      Place place,
      Defect defect,
      String field,
      String kind,
      String id,
      List<String> present,
      byte[] raw)
      implements InputRow {

    /** The reason in reports: defect, field and kind of the value, never the value. */
    public String reason() {
      return defect.label(field) + (kind.isEmpty() ? "" : " (" + kind + ")");
    }

    @Override
    public String toString() {
      return "Rejected[" + place + ", " + defect + "]";
    }
  }

  /** A row that the row filter excludes. */
  record Filtered(Place place) implements InputRow {}
}
