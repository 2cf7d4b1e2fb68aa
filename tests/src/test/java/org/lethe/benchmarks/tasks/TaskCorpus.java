package org.lethe.benchmarks.tasks;

import java.util.List;

/**
 * Invented rows of one task. Inputs of training rows, test rows and questions are distinct.
 *
 * @param forget rows to learn, then to forget
 * @param retain rows to learn and to keep
 * @param test rows that nothing trains on
 * @param questions inputs without answers, of the kind of the forget rows, which reveal asks; the
 *     subject's name in them is {@code {name}}
 */
record TaskCorpus(
    List<TaskRow> forget, List<TaskRow> retain, List<TaskRow> test, List<String> questions) {
  TaskCorpus {
    forget = List.copyOf(forget);
    retain = List.copyOf(retain);
    test = List.copyOf(test);
    questions = List.copyOf(questions);
  }
}
