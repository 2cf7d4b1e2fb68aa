package org.lethe.cluster.training.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.error.LetheException;

final class FoldsTest {
  private static final List<String> FORGET = rows("forget", 10);
  private static final List<String> RETAIN = rows("retain", 3);

  private static List<String> rows(String set, int count) {
    return IntStream.range(0, count).mapToObj(i -> set + "-" + i).toList();
  }

  @Test
  void stageIForgetsTheFirstFoldsAndRetainsTheOthers() {
    Folds folds = new Folds(3);
    List<List<String>> forgotten = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      int now = round;
      List<String> forget = folds.forgotten(FORGET, Function.identity(), now, 3);
      List<String> retain = folds.retained(RETAIN, () -> FORGET, Function.identity(), now, 3);

      assertThat(retain).startsWith(RETAIN.toArray(String[]::new));
      assertThat(retain.subList(3, retain.size())).doesNotContainAnyElementsOf(forget);
      assertThat(forget.size() + retain.size()).isEqualTo(13);
      forgotten.add(forget);
    }
    assertThat(forgotten).extracting(List::size).containsExactly(4, 7, 10);
    assertThat(forgotten.get(1)).containsAll(forgotten.get(0));
    assertThat(forgotten.get(2)).isEqualTo(FORGET);
  }

  @Test
  void theFoldOfARowDependsOnNeitherOrderNorRepetition() {
    List<String> reversed = new ArrayList<>(FORGET);
    Collections.reverse(reversed);
    List<String> twice = new ArrayList<>(FORGET);
    twice.addAll(FORGET);
    Folds folds = new Folds(2);
    List<String> first = folds.forgotten(FORGET, Function.identity(), 0, 4);

    assertThat(folds.forgotten(reversed, Function.identity(), 0, 4))
        .containsExactlyInAnyOrderElementsOf(first);
    assertThat(folds.forgotten(twice, Function.identity(), 1, 4)).hasSize(10).containsAll(first);
    assertThat(first).hasSize(5).isNotEqualTo(FORGET.subList(0, 5));
  }

  @Test
  void oneFoldLeavesTheRowsAsTheyAre() {
    List<String> rows = new ArrayList<>(FORGET);

    assertThat(Folds.ONE.forgotten(rows, Function.identity(), 0, 1)).isSameAs(rows);
    assertThat(
            Folds.ONE.retained(
                rows,
                () -> {
                  throw new AssertionError("read");
                },
                Function.identity(),
                0,
                1))
        .isSameAs(rows);
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "2, 5", "3, 5", "5, 5", "3, 20", "7, 20"})
  void stagesCoverAllRoundsInEqualParts(int count, int rounds) {
    Folds folds = new Folds(count);

    assertThat(folds.stage(0, rounds)).isZero();
    assertThat(folds.stage(rounds - 1, rounds)).isEqualTo(count - 1);
    assertThat(folds.firstRound(count, rounds)).isEqualTo(rounds);
    for (int stage = 0; stage < count; stage++) {
      int first = folds.firstRound(stage, rounds);
      assertThat(folds.stage(first, rounds)).isEqualTo(stage);
      assertThat(folds.firstRound(stage + 1, rounds) - first)
          .isBetween(rounds / count, rounds / count + 1);
    }
  }

  @Test
  void wrongNumbersAreRejected() {
    List<String> many = Collections.nCopies(70_000, "row");

    assertThatThrownBy(() -> new Folds(0)).hasMessage("Invalid folds: 0, expected at least 1");
    assertThatThrownBy(() -> new Folds(2).forgotten(many, Function.identity(), 0, 2))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Too many rows for lethe.unlearn.folds: 70000 in the shard of one worker, expected at"
                + " most 65536; raise lethe.unlearn.workers and shard again, or set folds = 1");
  }
}
