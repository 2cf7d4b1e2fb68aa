package org.lethe.cluster.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.lethe.corpus.CorpusSet;

/**
 * The shard files of one worker, Hadoop URIs. A worker may have none.
 *
 * @param forget read if the direction uses the forget loss
 * @param retain read if the direction uses the retain loss
 * @param alternatives to the forget rows, read if the forget loss uses them
 */
public record WorkerShards(List<String> forget, List<String> retain, List<String> alternatives)
    implements Serializable {
  public WorkerShards {
    forget = List.copyOf(forget);
    retain = List.copyOf(retain);
    alternatives = List.copyOf(alternatives);
  }

  /** Without alternatives. */
  public WorkerShards(List<String> forget, List<String> retain) {
    this(forget, retain, List.of());
  }

  /** The same with alternatives. */
  public WorkerShards withAlternatives(List<String> files) {
    return new WorkerShards(forget, retain, files);
  }

  /** Both sets as one corpus for ordinary training. */
  public WorkerShards asOneCorpus() {
    return asOneCorpus(EnumSet.allOf(CorpusSet.class));
  }

  /** Some sets as one corpus for ordinary training. */
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
