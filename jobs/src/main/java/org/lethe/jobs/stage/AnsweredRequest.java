package org.lethe.jobs.stage;

import java.util.List;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.run.Gate;
import org.lethe.run.GateReport;
import org.lethe.run.RunDirectory;

/**
 * A request, or a batch of requests, that a run has begun to answer.
 *
 * @param id of the request or batch
 * @param artifacts of its run
 * @param directory of its run
 * @param members requests of a batch; empty for a request of its own
 */
record AnsweredRequest(
    String id, RunArtifacts artifacts, RunDirectory directory, List<Member> members) {
  /**
   * A request of a batch. Its rows are those with its id as task.
   *
   * @param id of the request
   * @param gates that its figures must pass
   */
  record Member(String id, List<Gate> gates) {
    /** Decides the gates on the figures of the request's own rows. */
    GateReport decide(EvaluationFigures before, EvaluationFigures after) {
      return GateReport.of(gates, before.ofForgetTask(id), after.ofForgetTask(id));
    }
  }

  AnsweredRequest {
    members = List.copyOf(members);
  }

  /** The evaluation of its forget set after a later request, in that request's run. */
  String laterEvaluation() {
    return "earlier-" + id;
  }
}
