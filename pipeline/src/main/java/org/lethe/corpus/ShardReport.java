package org.lethe.corpus;

import java.util.List;
import java.util.SortedMap;

/**
 * What sharding found and wrote; {@code shards/report.json}. Ids, digests and counts, no text.
 *
 * @param format version of this document
 * @param workers shards per corpus
 * @param maxLength longest example in tokens
 * @param seed of the order of rows
 * @param forget the forget corpus
 * @param retain the retain corpus
 * @param overlap examples that are in both
 */
public record ShardReport(
    int format,
    int workers,
    int maxLength,
    long seed,
    SetReport forget,
    SetReport retain,
    OverlapReport overlap) {

  /** The version of this document. */
  public static final int FORMAT = 1;

  /** The report of one corpus. */
  public SetReport set(CorpusSet set) {
    return set == CorpusSet.FORGET ? forget : retain;
  }

  /**
   * One corpus. Rows read = filtered + quarantined + duplicates dropped + overlapping rows dropped
   * + rows past the limit + rows.
   *
   * @param files how many input files
   * @param read rows read, blank lines not counted
   * @param filtered rows that the row filter left out
   * @param quarantined rows that could not be used
   * @param reasons how many of them for which reason
   * @param examples the first of them
   * @param duplicates rows that repeat an earlier one
   * @param rows rows written
   * @param tokens tokens written
   * @param truncated rows written that were cut to the maximum length
   * @param shards what each worker gets
   */
  public record SetReport(
      int files,
      long read,
      long filtered,
      long quarantined,
      SortedMap<String, Long> reasons,
      List<QuarantinedRow> examples,
      long duplicates,
      long rows,
      long tokens,
      long truncated,
      List<Shard> shards) {}

  /**
   * A row that could not be used.
   *
   * @param file the input file
   * @param line line (JSON Lines) or row (Parquet) in it, from 1
   * @param id the row's id, or empty
   * @param reason why
   */
  public record QuarantinedRow(String file, long line, String id, String reason) {}

  /**
   * One shard.
   *
   * @param file path below {@code shards/}
   * @param sha256 of the file's bytes
   */
  public record Shard(String file, long rows, long tokens, String sha256) {}

  /**
   * Examples in both corpora.
   *
   * @param rows how many of the retain corpus
   * @param examples the first of them
   */
  public record OverlapReport(long rows, List<OverlappingRow> examples) {}

  /** An example in both corpora. */
  public record OverlappingRow(String forgetId, String retainId, String digest) {}
}
