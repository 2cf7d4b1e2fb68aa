package org.lethe.cluster.reveal;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

/**
 * Result of a task: a value for each of its items, or a failure. Tasks do not throw, because a
 * retry would fail again.
 *
 * @param items indices of the items, ascending
 * @param values one value per item
 * @param failure exit class of the failure, or SUCCESS
 * @param message cause of the failure, or empty
 */
record TaskResult<T extends Serializable>(
    int[] items, List<T> values, ExitClass failure, String message) implements Serializable {

  static <T extends Serializable> TaskResult<T> failed(LetheException e) {
    return new TaskResult<>(new int[0], List.of(), e.exitClass(), e.getMessage());
  }

  TaskResult<T> orThrow() {
    if (failure != ExitClass.SUCCESS) {
      throw new LetheException(failure, message);
    }
    return this;
  }

  /** Returns all values in the order of their items. */
  static <T extends Serializable> List<T> inOrder(List<TaskResult<T>> results) {
    int count = results.stream().mapToInt(r -> r.orThrow().items().length).sum();
    List<Optional<T>> all =
        new java.util.ArrayList<>(java.util.Collections.nCopies(count, Optional.empty()));
    for (TaskResult<T> result : results) {
      for (int i = 0; i < result.items().length; i++) {
        all.set(result.items()[i], Optional.of(result.values().get(i)));
      }
    }
    return all.stream().map(Optional::orElseThrow).toList();
  }
}
