package org.lethe.corpus;

import java.io.Serializable;
import java.util.List;
import org.lethe.corpus.InputRow.Place;

/**
 * What the driver needs to know of a row to place it: no text.
 *
 * @param kind what became of it
 * @param id its id, or empty
 * @param digest its digest, or empty
 * @param tokens its length in tokens
 * @param truncated whether it was cut
 * @param reason why it was rejected, as in reports, or empty
 * @param missing the configured name of a field that it lacks, or empty
 * @param present the names of its fields, where one is missing
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
