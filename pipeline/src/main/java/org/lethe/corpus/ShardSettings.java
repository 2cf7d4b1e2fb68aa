package org.lethe.corpus;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How to make shards.
 *
 * @param forget files, folders or globs of the forget corpus; empty if there is none
 * @param retain the same of the retain corpus; at least one of the two has a URI
 * @param fields what the fields of a record are called
 * @param maxLength longest example in tokens, at least 4
 * @param workers shards per corpus, at least 1
 * @param duplicates what happens to exact duplicates within a corpus
 * @param overlap what happens to an example that is in both corpora
 * @param quarantineLimit largest share of a corpus that may be malformed, from 0 to 1
 * @param seed decides the order of the rows within a shard, and nothing else
 * @param where which rows count
 * @param limit how many rows of each corpus are taken, the first ones in the order of the input
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
    OptionalLong limit) {

  /** What happens to exact duplicates within a corpus. They are counted either way. */
  public enum Duplicates {
    /** The first in the order of the input stays. */
    DROP,
    /** All stay. */
    KEEP
  }

  /** What happens to an example that is in both corpora. */
  public enum Overlap {
    /** The job is refused. */
    ERROR,
    /** It is forgotten: the retain corpus loses it. */
    DROP_FROM_RETAIN,
    /** It stays in both, and is reported. */
    ALLOW
  }

  public ShardSettings {
    forget = List.copyOf(forget);
    retain = List.copyOf(retain);
    Objects.requireNonNull(fields);
    Objects.requireNonNull(duplicates);
    Objects.requireNonNull(overlap);
    Objects.requireNonNull(where);
    if (forget.isEmpty() && retain.isEmpty()) {
      throw new IllegalArgumentException("Invalid corpora: neither forget nor retain is given");
    }
    if (maxLength < 4) {
      throw new IllegalArgumentException("Invalid max length: " + maxLength + ", at least 4");
    }
    if (workers < 1) {
      throw new IllegalArgumentException("Invalid workers: " + workers + ", at least 1");
    }
    if (!(quarantineLimit >= 0 && quarantineLimit <= 1)) {
      throw new IllegalArgumentException(
          "Invalid quarantine limit: " + quarantineLimit + ", from 0 to 1");
    }
    if (limit.isPresent() && limit.getAsLong() < 1) {
      throw new IllegalArgumentException("Invalid limit: " + limit.getAsLong() + ", at least 1");
    }
  }

  /** The same for other corpora, which may overlap: evaluation reads them, training does not. */
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
        limit);
  }

  /** The URIs of one corpus. */
  public List<URI> uris(CorpusSet set) {
    return set == CorpusSet.FORGET ? forget : retain;
  }
}
