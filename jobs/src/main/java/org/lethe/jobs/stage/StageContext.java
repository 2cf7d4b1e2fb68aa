package org.lethe.jobs.stage;

import java.util.SortedMap;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.run.StageInputs;

/**
 * What a stage of one run works with.
 *
 * @param job Spark, run directory, configuration and terminal
 * @param plan the bound settings
 * @param artifacts models, shards and figures of the run so far
 * @param earlier what earlier iterations revealed
 */
public record StageContext(
    JobContext job, RunPlan plan, RunArtifacts artifacts, EarlierReveals earlier) {

  /**
   * The inputs of a result, with the configuration that decides whether it may be reused.
   *
   * @param name of the result
   * @param digests of the files that it is computed from, by name
   */
  StageInputs inputs(String name, SortedMap<String, String> digests, Sections sections) {
    return new StageInputs(name, digests, sections.of(job.configuration()));
  }
}
