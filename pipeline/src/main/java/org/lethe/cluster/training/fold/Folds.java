package org.lethe.cluster.training.fold;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.lethe.error.ClusterErrors;

/**
 * Layered Unlearning (arXiv 2505.09500): the forget rows are cut into k folds, and the training
 * into k stages of equal length. Stage i forgets the folds 1 to i and retains the folds i + 1 to k,
 * so that relearning some rows does not bring the others back.
 *
 * <p>Folds of a worker's rows are of equal size. They follow from the row ids alone.
 *
 * @param count k, at least 1; 1 is ordinary unlearning
 */
public record Folds(int count) implements Serializable {
  /** Most rows of one set of a worker, which are in memory. Batches of more rows are streamed. */
  private static final int MOST_ROWS = 1 << 16;

  /** Ordinary unlearning. */
  public static final Folds ONE = new Folds(1);

  public Folds {
    if (count < 1) {
      throw new IllegalArgumentException("Invalid folds: " + count + ", expected at least 1");
    }
  }

  /** Returns the stage of a round. Both are counted from 0. */
  public int stage(int round, int rounds) {
    return (int) ((long) round * count / rounds);
  }

  /** Returns the first round of a stage, or the number of rounds for the stage after the last. */
  public int firstRound(int stage, int rounds) {
    return (int) (((long) stage * rounds + count - 1) / count);
  }

  /**
   * Returns the rows that a round forgets, in their order.
   *
   * @param id of a row; rows with the same id are in the same fold
   * @throws org.lethe.error.LetheException INPUT if there are too many rows to sort
   */
  public <T> List<T> forgotten(List<T> rows, Function<T, String> id, int round, int rounds) {
    if (count == 1) {
      return rows;
    }
    int stage = stage(round, rounds);
    Map<String, Integer> folds = folds(rows, id);
    return rows.stream().filter(row -> folds.get(id.apply(row)) <= stage).toList();
  }

  /**
   * Returns the retain rows, followed by the forget rows that a round still retains.
   *
   * @param forget the forget rows, read if there are folds
   * @throws org.lethe.error.LetheException INPUT if there are too many rows to sort
   */
  public <T> List<T> retained(
      List<T> retain, Supplier<List<T>> forget, Function<T, String> id, int round, int rounds) {
    if (count == 1) {
      return retain;
    }
    checkSize(retain);
    int stage = stage(round, rounds);
    List<T> rows = forget.get();
    Map<String, Integer> folds = folds(rows, id);
    return Stream.concat(
            retain.stream(), rows.stream().filter(row -> folds.get(id.apply(row)) > stage))
        .toList();
  }

  private static void checkSize(List<?> rows) {
    if (rows.size() > MOST_ROWS) {
      throw ClusterErrors.tooManyRowsForFolds(rows.size(), MOST_ROWS);
    }
  }

  private <T> Map<String, Integer> folds(List<T> rows, Function<T, String> id) {
    checkSize(rows);
    List<String> ids = new ArrayList<>(rows.stream().map(id).distinct().toList());
    ids.sort(Comparator.comparingLong(Folds::place).thenComparing(Comparator.naturalOrder()));
    Map<String, Integer> folds = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      folds.put(ids.get(i), (int) ((long) i * count / ids.size()));
    }
    return folds;
  }

  /** Returns a random number that depends only on the id. */
  private static long place(String id) {
    CRC32 crc = new CRC32();
    crc.update(id.getBytes(StandardCharsets.UTF_8));
    return new SplittableRandom(crc.getValue()).nextLong();
  }
}
