package org.lethe.evaluation.monitor;

/** What follows after a round. */
public sealed interface StopDecision {
  /** The run goes on. */
  record Continue() implements StopDecision {}

  /**
   * The run ends.
   *
   * @param rule name of the rule
   * @param reason in one clause
   */
  record Stop(String rule, String reason) implements StopDecision {}
}
