package org.lethe.jobs.stage;

import org.lethe.run.RunDirectory;

/**
 * A request that a run has begun to answer.
 *
 * @param id of the request
 * @param artifacts of its run
 * @param directory of its run
 */
record AnsweredRequest(String id, RunArtifacts artifacts, RunDirectory directory) {
  /** The evaluation of its forget set after a later request, in that request's run. */
  String laterEvaluation() {
    return "earlier-" + id;
  }
}
