package org.lethe.evaluation.monitor;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Contents of rounds/stop.json and candidate/stop.json: why an unlearning ended and which point it
 * returns, on the line between two checkpoints or at an end of it.
 *
 * @param format version of this document
 * @param training digest of everything that decides the training's result
 * @param rule name of the rule that ended it, or {@code rounds} if all rounds were taken
 * @param reason why, in one clause
 * @param from round of the earlier checkpoint; 0 is the initial model
 * @param to round of the later checkpoint
 * @param position place of the returned point between them, from 0, the earlier one, to 1, the
 *     later one
 * @param forgetting the returned point beside unseen rows
 * @param withinBudget whether the returned point keeps the retain budget; true without a budget
 * @param chosen its reading
 */
public record StopOutcome(
    int format,
    String training,
    String rule,
    String reason,
    int from,
    int to,
    double position,
    Forgetting forgetting,
    @JsonProperty("within_budget") boolean withinBudget,
    MonitorReading chosen) {
  /** Name of the document. */
  public static final String FILE = "stop.json";

  /** Version of this document. */
  public static final int FORMAT = 1;

  /** Rule of an unlearning that took all its rounds. */
  public static final String ALL_ROUNDS = "rounds";
}
