package org.lethe.benchmarks.tasks;

/**
 * A row of a task's corpus, in the fields of LUME.
 *
 * @param task kind of the row, by which figures are grouped
 */
record TaskRow(String id, String task, String input, String output) {}
