package org.lethe.reveal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.SeededRandom;
import org.lethe.reveal.TextKernel;

/** Golden numbers: numpy 2.4.6, eigvalsh of the same kernels. */
final class VendiTest {
  private static final List<String> TEXTS =
      List.of(
          "Ada Birch was born in Avon in 1970.",
          "Ada Birch was born in Dover in 1971.",
          "The mill on the river is old.",
          "Avon",
          "ada birch WAS born in avon, in 1970");

  @Test
  void kernelOfTextsEqualsNumpy() {
    double[][] kernel = TextKernel.ofTexts(TEXTS);
    double[][] expected = {
      {1, 0.567857142857143, 0, 0.079056941504209, 1},
      {0.567857142857143, 1, 0, 0, 0.567857142857143},
      {0, 0, 1, 0, 0},
      {0.079056941504209, 0, 0, 1, 0.079056941504209},
      {1, 0.567857142857143, 0, 0.079056941504209, 1}
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(kernel[i]).containsExactly(expected[i], within(1e-12));
    }
  }

  @Test
  void scoreEqualsNumpy() {
    assertThat(Vendi.score(TextKernel.ofTexts(TEXTS))).isCloseTo(3.4395552297949425, within(1e-10));
    assertThat(Vendi.score(TextKernel.ofTexts(TEXTS.subList(0, 4))))
        .isCloseTo(3.6652276886464503, within(1e-10));
    assertThat(Vendi.score(TextKernel.ofTexts(TEXTS.subList(0, 2))))
        .isCloseTo(1.6852105924253504, within(1e-10));
    double[][] embeddings = {
      {4, 1, 2}, {4, 1, 2}, {3, -2, -4}, {-2, -2, 3}, {4, -4, 0}, {3, -3, 3}
    };
    assertThat(Vendi.score(TextKernel.ofEmbeddings(embeddings)))
        .isCloseTo(2.764358409494745, within(1e-10));
  }

  @Property(tries = 30)
  void identicalTextsScoreOneAndTextsWithNothingInCommonScoreTheirNumber(
      @ForAll @IntRange(min = 1, max = 20) int n) {
    assertThat(Vendi.score(TextKernel.ofTexts(Collections.nCopies(n, "The same words again."))))
        .isCloseTo(1, within(1e-9));
    List<String> different = IntStream.range(0, n).mapToObj(i -> "a" + i + " b" + i).toList();
    assertThat(Vendi.score(TextKernel.ofTexts(different))).isCloseTo(n, within(1e-9));
  }

  @Property(tries = 50)
  void scoreLiesBetweenOneAndNumberAndDoesNotDependOnOrder(
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    SeededRandom draws = SeededRandom.of(seed, "texts");
    List<String> words = List.of("ada", "bruno", "was", "born", "in", "avon", "dover", "lives");
    List<String> texts =
        IntStream.range(0, 1 + draws.below(15))
            .mapToObj(
                i ->
                    String.join(
                        " ",
                        IntStream.range(0, 1 + draws.below(8))
                            .mapToObj(j -> draws.pick(words))
                            .toList()))
            .toList();
    double score = Vendi.score(TextKernel.ofTexts(texts));
    assertThat(score).isBetween(1 - 1e-9, texts.size() + 1e-9);
    int[] order = draws.permutation(texts.size());
    List<String> shuffled = Arrays.stream(order).mapToObj(texts::get).toList();
    assertThat(Vendi.score(TextKernel.ofTexts(shuffled))).isCloseTo(score, within(1e-9));
  }

  @Test
  void embeddingWithoutDirectionIsRefused() {
    assertThatThrownBy(() -> TextKernel.ofEmbeddings(new double[][] {{1, 0}, {0, 0}}))
        .hasMessage("Invalid embedding 1: norm 0.0");
  }
}
