package org.lethe.corpus.shard;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.RowFilter;

/**
 * Settings of the shard stage.
 *
 * @param forget files, folders or globs of the forget corpus; empty if there is none
 * @param retain files, folders or globs of the retain corpus; at least one corpus has a URI
 * @param fields names of a record's fields
 * @param maxLength longest example in tokens, at least 4
 * @param workers shards per corpus, at least 1
 * @param duplicates treatment of exact duplicates within a corpus
 * @param overlap treatment of examples that are in both corpora
 * @param quarantineLimit largest allowed fraction of malformed rows of a corpus, from 0 to 1
 * @param seed decides the order of the rows within a shard, and nothing else
 * @param where filter of rows
 * @param limit number of rows to take from each corpus, the first ones in input order
 * @param sample sample of the retain corpus
 * @param exclude Parquet files, folders or globs with the digests of rows that may not be in the
 *     retain corpus, such as the exclusion list of a search
 * @param forgetTasks task of the rows of each forget URI, in their order, in place of the rows'
 *     own; empty if rows keep theirs
 */
public record ShardSettings(
    List<URI> forget,
    List<URI> retain,
    FieldNames fields,
    int maxLength,
    int workers,
    Duplicates duplicates,
    Overlap overlap,
    double quarantineLimit,
    long seed,
    RowFilter where,
    OptionalLong limit,
    RetainSample sample,
    List<URI> exclude,
    List<String> forgetTasks) {

  /** Settings of rows that keep their tasks. */
  public ShardSettings(
      List<URI> forget,
      List<URI> retain,
      FieldNames fields,
      int maxLength,
      int workers,
      Duplicates duplicates,
      Overlap overlap,
      double quarantineLimit,
      long seed,
      RowFilter where,
      OptionalLong limit,
      RetainSample sample,
      List<URI> exclude) {
    this(
        forget,
        retain,
        fields,
        maxLength,
        workers,
        duplicates,
        overlap,
        quarantineLimit,
        seed,
        where,
        limit,
        sample,
        exclude,
        List.of());
  }

  /** Treatment of exact duplicates within a corpus. Both count them. */
  public enum Duplicates {
    /** Keeps the first one in input order. */
    DROP,
    /** Keeps all of them. */
    KEEP
  }

  /** Treatment of an example that is in both corpora. */
  public enum Overlap {
    /** Rejects the corpora. */
    ERROR,
    /** Removes the example from the retain corpus, so that it is forgotten. */
    DROP_FROM_RETAIN,
    /** Keeps the example in both corpora and reports it. */
    ALLOW
  }

  public ShardSettings {
    forget = List.copyOf(forget);
    retain = List.copyOf(retain);
    Objects.requireNonNull(fields);
    Objects.requireNonNull(duplicates);
    Objects.requireNonNull(overlap);
    Objects.requireNonNull(where);
    Objects.requireNonNull(sample);
    exclude = List.copyOf(exclude);
    forgetTasks = List.copyOf(forgetTasks);
    if (!forgetTasks.isEmpty() && forgetTasks.size() != forget.size()) {
      throw new IllegalArgumentException(
          "Invalid forget tasks: "
              + forgetTasks.size()
              + " for "
              + forget.size()
              + " files, expected one for each");
    }
    if (forget.isEmpty() && retain.isEmpty()) {
      throw new IllegalArgumentException("Invalid corpora: neither forget nor retain is given");
    }
    if (maxLength < 4) {
      throw new IllegalArgumentException(
          "Invalid max length: " + maxLength + ", expected at least 4");
    }
    if (workers < 1) {
      throw new IllegalArgumentException("Invalid workers: " + workers + ", expected at least 1");
    }
    if (!(quarantineLimit >= 0 && quarantineLimit <= 1)) {
      throw new IllegalArgumentException(
          "Invalid quarantine limit: " + quarantineLimit + ", expected 0 to 1");
    }
    if (limit.isPresent() && limit.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "Invalid limit: " + limit.getAsLong() + ", expected at least 1");
    }
  }

  /**
   * Returns the same settings for the corpora of an evaluation. These may overlap, because no
   * training reads them.
   */
  public ShardSettings ofEvaluation(List<URI> otherForget, List<URI> otherRetain) {
    return new ShardSettings(
        otherForget,
        otherRetain,
        fields,
        maxLength,
        workers,
        duplicates,
        Overlap.ALLOW,
        quarantineLimit,
        seed,
        where,
        limit,
        RetainSample.all(),
        exclude);
  }

  /** Returns the URIs of one corpus. */
  public List<URI> uris(CorpusSet set) {
    return set == CorpusSet.FORGET ? forget : retain;
  }
}
