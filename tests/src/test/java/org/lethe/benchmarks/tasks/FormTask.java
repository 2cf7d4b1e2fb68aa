package org.lethe.benchmarks.tasks;

/** A task whose responses {@link FormScorer} judges by their form. It knows no truth. */
sealed interface FormTask extends Task permits EntityTask, CodeTask {
  /** Whether a response has the form of the task's answers. */
  boolean isWellFormed(String input, String answer);
}
