package org.lethe.cluster.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.lethe.corpus.input.CorpusSet;

/**
 * Shard files of one worker, Hadoop URIs. Each list may be empty.
 *
 * @param forget files read if the direction uses the forget loss
 * @param retain files read if the direction uses the retain loss
 * @param alternatives alternatives to the forget rows, read if the forget loss uses them
 */
public record WorkerShards(List<String> forget, List<String> retain, List<String> alternatives)
    implements Serializable {
  public WorkerShards {
    forget = List.copyOf(forget);
    retain = List.copyOf(retain);
    alternatives = List.copyOf(alternatives);
  }

  /** Shards without alternatives. */
  public WorkerShards(List<String> forget, List<String> retain) {
    this(forget, retain, List.of());
  }

  /** The same shards with alternatives. */
  public WorkerShards withAlternatives(List<String> files) {
    return new WorkerShards(forget, retain, files);
  }

  /** Merges both sets into one corpus for ordinary training. */
  public WorkerShards asOneCorpus() {
    return asOneCorpus(EnumSet.allOf(CorpusSet.class));
  }

  /** Merges some sets into one corpus for ordinary training. */
  public WorkerShards asOneCorpus(Set<CorpusSet> sets) {
    List<String> all = new ArrayList<>();
    if (sets.contains(CorpusSet.FORGET)) {
      all.addAll(forget);
    }
    if (sets.contains(CorpusSet.RETAIN)) {
      all.addAll(retain);
    }
    return new WorkerShards(List.of(), all);
  }
}
