package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import org.lethe.corpus.input.CorpusSet;

/**
 * Result of the shard stage; {@code shards/report.json}. Contains ids, digests and counts, but no
 * text.
 *
 * @param format version of this document
 * @param workers shards per corpus
 * @param maxLength longest example in tokens
 * @param seed seed of the order of rows
 * @param forget the forget corpus
 * @param retain the retain corpus
 * @param overlap examples in both corpora
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

  /** Returns the report of one corpus. */
  public SetReport set(CorpusSet set) {
    return set == CorpusSet.FORGET ? forget : retain;
  }

  /**
   * One corpus. Rows read = filtered + quarantined + dropped duplicates + dropped overlapping rows
   * + excluded rows + rows past the limit + rows not sampled + rows.
   *
   * @param files number of input files
   * @param skippedFiles files of input folders that hold no rows, such as README.md
   * @param read rows read, without blank lines
   * @param filtered rows that the row filter excluded
   * @param quarantined unusable rows
   * @param reasons number of unusable rows by reason
   * @param examples the first unusable rows
   * @param duplicates rows that repeat an earlier one
   * @param excluded retain rows of the exclusion list
   * @param notSampled retain rows that the sample left out
   * @param near sampled retain rows that share rare words with forget rows, if the settings ask for
   *     such rows
   * @param rows rows written
   * @param tokens tokens written
   * @param truncated written rows that were cut to the maximum length
   * @param shards one shard per worker
   */
  public record SetReport(
      int files,
      int skippedFiles,
      long read,
      long filtered,
      long quarantined,
      SortedMap<String, Long> reasons,
      List<QuarantinedRow> examples,
      long duplicates,
      long excluded,
      long notSampled,
      long near,
      long rows,
      long tokens,
      long truncated,
      List<Shard> shards) {}

  /**
   * An unusable row.
   *
   * @param file the input file
   * @param line line (JSON Lines) or row (Parquet) in it, from 1
   * @param id the row's id, or empty
   * @param reason why the row is unusable
   */
  public record QuarantinedRow(String file, long line, String id, String reason)
      implements Serializable {}

  /**
   * One shard.
   *
   * @param file path below {@code shards/}
   * @param sha256 digest of the file's bytes
   */
  public record Shard(String file, long rows, long tokens, String sha256) {}

  /**
   * Examples in both corpora.
   *
   * @param rows number of such rows in the retain corpus
   * @param examples the first of them
   */
  public record OverlapReport(long rows, List<OverlappingRow> examples) {}

  /** An example in both corpora. */
  public record OverlappingRow(String forgetId, String retainId, String digest)
      implements Serializable {}
}
