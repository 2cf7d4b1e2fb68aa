package org.lethe.cluster.tuning;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.monitor.MonitorPlan;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.corpus.TokenizerSource;
import org.lethe.evaluation.monitor.FormSettings;

/**
 * What all candidates of a tuning have in common.
 *
 * @param source the initial model
 * @param shards shards of each worker of the unlearning; a candidate computes all workers' parts
 * @param references files with the initial model's losses, one per worker, if a loss uses them
 * @param monitor what is read after each round, and when a candidate ends
 * @param tokenizer tokenizer of the initial model
 * @param form how the form of answers is read
 * @param folder Hadoop URI of the results
 */
public record TuningPlan(
    DecoderSource source,
    List<WorkerShards> shards,
    List<String> references,
    MonitorPlan monitor,
    TokenizerSource tokenizer,
    FormSettings form,
    String folder)
    implements Serializable {
  public TuningPlan {
    shards = new ArrayList<>(shards);
    references = new ArrayList<>(references);
  }

  /** Forget shards of all workers. */
  List<String> forget() {
    return shards.stream().flatMap(worker -> worker.forget().stream()).toList();
  }

  /** Retain shards of all workers. */
  List<String> retain() {
    return shards.stream().flatMap(worker -> worker.retain().stream()).toList();
  }
}
