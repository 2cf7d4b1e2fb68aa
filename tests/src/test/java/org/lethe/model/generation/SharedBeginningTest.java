package org.lethe.model.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lethe.text.Example;

final class SharedBeginningTest {
  /** An example with a beginning, tokens of its own and an answer of two tokens. */
  private static Example example(int beginning, int length, int own) {
    int[] tokens =
        IntStream.range(0, length + 4)
            .map(t -> t < length ? 100 * beginning + t : 1000 + own)
            .toArray();
    return new Example("e" + beginning + "/" + own, tokens, length + 2);
  }

  @Test
  void examplesWithACommonBeginningAreOneGroup() {
    List<Example> examples = new ArrayList<>();
    for (int own = 0; own < 3; own++) {
      examples.add(example(1, 20, own));
      examples.add(example(2, 30, own));
    }
    examples.add(example(3, 12, 0));

    assertThat(SharedBeginning.of(examples))
        .containsExactly(
            new SharedBeginning(20, List.of(0, 2, 4)),
            new SharedBeginning(30, List.of(1, 3, 5)),
            new SharedBeginning(0, List.of(6)));
    assertThat(SharedBeginning.of(examples))
        .extracting(SharedBeginning::saved)
        .containsExactly(40L, 60L, 0L);
  }

  @Test
  void groupsSaveTheMostTokens() {
    // Two pairs share 40 tokens each, all four 16: 2 x 40 is more than 3 x 16.
    List<Example> pairs = List.of(branch(1, 1), branch(1, 2), branch(2, 3), branch(2, 4));
    assertThat(SharedBeginning.of(pairs))
        .containsExactly(
            new SharedBeginning(40, List.of(0, 1)), new SharedBeginning(40, List.of(2, 3)));

    // A third pair of which only one is there: four sharing 16 are more than one sharing 40.
    List<Example> others = List.of(branch(1, 1), branch(2, 2), branch(3, 3), branch(4, 4));
    assertThat(SharedBeginning.of(others))
        .containsExactly(new SharedBeginning(16, List.of(0, 1, 2, 3)));
  }

  /** 16 common tokens, 24 of a branch and 4 of its own. */
  private static Example branch(int branch, int own) {
    int[] tokens =
        IntStream.range(0, 44)
            .map(t -> t < 16 ? t : t < 40 ? 100 * branch + t : 1000 + own)
            .toArray();
    return new Example("b" + own, tokens, 42);
  }

  @Test
  void shortBeginningsAndAnswersAreNotShared() {
    List<Example> brief = List.of(example(1, 7, 0), example(1, 7, 1));
    assertThat(SharedBeginning.of(brief)).containsExactly(new SharedBeginning(0, List.of(0, 1)));
    assertThat(SharedBeginning.commonTokens(brief)).isZero();

    // Equal texts: the last token of the prompt predicts the answer and is read by each.
    List<Example> equal = List.of(example(1, 20, 5), example(1, 20, 5));
    assertThat(SharedBeginning.of(equal)).containsExactly(new SharedBeginning(21, List.of(0, 1)));
    assertThat(SharedBeginning.commonTokens(equal)).isEqualTo(21);
  }
}
