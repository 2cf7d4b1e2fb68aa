package org.lethe.cluster.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lethe.corpus.TokenizerSource;
import org.lethe.evaluation.attack.AttackSettings;

/**
 * Request for attacks on a model.
 *
 * @param shards shard files of each set, Hadoop URIs, by name of the set
 * @param evaluated rows.parquet of the model's evaluations, Hadoop URIs, for membership scores
 * @param model source of the model
 * @param tokenizer encoder of neutral texts
 * @param settings what to try
 * @param rows number of rows of each set, at most
 * @param plannedShare planned share of the run's work
 * @param folder Hadoop URI of the folder for rows.parquet and summary.json
 * @param workers concurrent Spark tasks, at least 1; the result does not depend on it
 */
public record AttackRequest(
    Map<String, List<String>> shards,
    List<String> evaluated,
    AttackModelSource model,
    TokenizerSource tokenizer,
    AttackSettings settings,
    int rows,
    double plannedShare,
    String folder,
    int workers)
    implements Serializable {
  public AttackRequest {
    shards = new TreeMap<>(shards);
    evaluated = new ArrayList<>(evaluated);
    if (workers < 1) {
      throw new IllegalArgumentException(
          "Invalid number of workers: " + workers + ", expected at least 1");
    }
  }
}
