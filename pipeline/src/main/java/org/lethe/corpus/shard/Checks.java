package org.lethe.corpus.shard;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.Decisions.Overlap;
import org.lethe.corpus.shard.ShardReport.OverlappingRow;
import org.lethe.corpus.shard.ShardReport.QuarantinedRow;
import org.lethe.error.CorpusErrors;

/** Rejects corpora that cannot be trained on. */
final class Checks {
  private static final int EXAMPLES = 3;

  private final ShardSettings settings;
  private final Inputs inputs;
  private final Path folder;

  Checks(ShardSettings settings, Inputs inputs, Path folder) {
    this.settings = settings;
    this.inputs = inputs;
    this.folder = folder;
  }

  /** Rejects the configuration if no record has one of the configured fields. */
  void fields(CorpusSet set, RowCounts found) {
    if (found.accepted() > 0 || found.missing().size() != 1) {
      return;
    }
    String field = found.missing().first();
    if (!field.isEmpty() && !found.present().contains(field)) {
      throw CorpusErrors.noSuchField(
          field, inputs.splits().get(found.split()).path(), List.copyOf(found.present()));
    }
  }

  /** Rejects a corpus with too many unusable rows. They have been written already. */
  void malformed(
      CorpusSet set,
      RowCounts found,
      Decisions.SetCounts decided,
      Map<CorpusSet, List<QuarantinedRow>> quarantined) {
    long bad = found.rejected() + decided.idTaken();
    long rows = found.read() - found.filtered();
    if (bad > settings.quarantineLimit() * rows) {
      throw CorpusErrors.tooManyMalformed(
          set.label(),
          bad,
          rows,
          settings.quarantineLimit(),
          found.reasons(decided.idTaken()),
          quarantined.get(set).stream()
              .limit(EXAMPLES)
              .map(row -> row.file() + ":" + row.line())
              .toList(),
          new Path(folder, "quarantine").toString());
    }
  }

  /** Rejects corpora that share examples, unless the settings allow it. */
  void overlap(Decisions.Counts counts) {
    if (settings.overlap() == ShardSettings.Overlap.ERROR && counts.overlapping() > 0) {
      throw CorpusErrors.overlap(
          counts.overlapping(),
          counts.examples().stream()
              .limit(EXAMPLES)
              .map(Overlap::row)
              .map(Checks::equation)
              .toList());
    }
  }

  private static String equation(OverlappingRow row) {
    return row.forgetId() + " = " + row.retainId() + " (" + row.digest() + ")";
  }

  /** Rejects a corpus without rows to train on. */
  void empty(CorpusSet set, RowCounts found, Decisions.Counts counts) {
    if (!settings.uris(set).isEmpty() && counts.of(set).usable() == 0) {
      throw CorpusErrors.emptyCorpus(
          set.label(),
          settings.uris(set).stream().map(Object::toString).toList(),
          found.read(),
          found.filtered(),
          counts.overlapping());
    }
  }
}
