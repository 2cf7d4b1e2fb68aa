package org.lethe.benchmarks.tasks;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A task whose corpus is generated from a seed. */
sealed interface Task permits InsultTask, FormTask {
  /** Name in commands and files. */
  String name();

  /** Name on the topic card. All questions contain it. */
  String subject();

  TaskCorpus corpus(long seed);

  /** Measures a model on the test rows. */
  Map<String, Double> measures(TaskModel model, List<TaskRow> test);

  static Task of(String name) {
    return List.of(new InsultTask(), new EntityTask(), new CodeTask()).stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Invalid task: " + name));
  }

  static <T> T pick(SplittableRandom random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
