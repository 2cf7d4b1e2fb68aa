package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.List;
import org.lethe.corpus.input.Defect;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputRow.Place;
import org.lethe.corpus.input.ShardRow;

/**
 * The part of a row that the driver needs to place it. Contains no text.
 *
 * @param kind outcome of reading the row
 * @param id the row's id, or empty
 * @param digest the row's digest, or empty
 * @param tokens length in tokens
 * @param truncated whether the row was cut to the maximum length
 * @param reason reason of a rejection, as in reports, or empty
 * @param missing configured name of a missing field, or empty
 * @param present names of the record's fields, if one is missing
 */
record RowSummary(
    Place place,
    Kind kind,
    String id,
    String digest,
    int tokens,
    boolean truncated,
    String reason,
    String missing,
    List<String> present)
    implements Serializable {

  enum Kind {
    ACCEPTED,
    REJECTED,
    FILTERED
  }

  static RowSummary of(InputRow row) {
    if (row instanceof InputRow.Accepted accepted) {
      ShardRow shard = accepted.row();
      return new RowSummary(
          row.place(),
          Kind.ACCEPTED,
          shard.id(),
          shard.digest(),
          shard.tokens().length,
          accepted.truncated(),
          "",
          "",
          List.of());
    }
    if (row instanceof InputRow.Rejected rejected) {
      boolean missing = rejected.defect() == Defect.MISSING_FIELD;
      return new RowSummary(
          row.place(),
          Kind.REJECTED,
          rejected.id(),
          "",
          0,
          false,
          rejected.defect().label(rejected.field()),
          missing ? rejected.field() : "",
          rejected.present());
    }
    return new RowSummary(row.place(), Kind.FILTERED, "", "", 0, false, "", "", List.of());
  }
}
