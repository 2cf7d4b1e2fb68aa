package org.lethe.cluster.evaluation;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lethe.evaluation.EvaluationSettings;

/**
 * Request for an evaluation.
 *
 * @param shards shard files of each set, Hadoop URIs, by name of the set, such as {@code forget}
 * @param model source of the model
 * @param settings metrics and generation
 * @param folder Hadoop URI of the folder for rows.parquet and summary.json
 * @param workers concurrent Spark tasks, at least 1; the result does not depend on it
 */
public record EvaluationRequest(
    Map<String, List<String>> shards,
    EvaluationModelSource model,
    EvaluationSettings settings,
    String folder,
    int workers)
    implements Serializable {
  public EvaluationRequest {
    shards = new TreeMap<>(shards);
    if (workers < 1) {
      throw new IllegalArgumentException(
          "Invalid number of workers: " + workers + ", expected at least 1");
    }
  }
}
