package org.lethe.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.TestBackend;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.GoldenWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.text.Batch;
import org.lethe.text.Example;

final class PromptedLossesTest {
  private static final Architecture CONFIG =
      new LlamaConfig(64, 160, 2, 8, 4, 8, 301, 200, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  private static final int[] FIRST = {1, 17, 40, 205, 9};
  private static final int[] SECOND = {1, 17, 40, 33};

  /** Two prompts with a common beginning, in turn, and one that is a single token. */
  private static final List<PromptedText> TEXTS =
      List.of(
          new PromptedText(FIRST, new int[] {12, 80, 7, 300}, new int[] {1, 3}),
          new PromptedText(SECOND, new int[] {5, 6}, new int[] {0}),
          new PromptedText(FIRST, new int[] {99, 3, 2, 250, 61, 8}, new int[] {0, 1, 2}),
          new PromptedText(SECOND, new int[] {44}, new int[] {}),
          new PromptedText(new int[] {1}, new int[] {60, 61}, new int[] {1}));

  @ParameterizedTest
  @EnumSource(TestBackend.class)
  void lossesAreThoseOfEachTextByItself(TestBackend backend) {
    double tolerance = backend.tolerance(1e-12, 1e-5);
    try (Decoder decoder =
        Decoder.load(CONFIG, Adapter.full(), backend.backend(), GoldenWeights.formula())) {
      List<double[]> shared = new PromptedLosses(decoder).of(TEXTS);
      assertThat(shared).hasSameSizeAs(TEXTS);
      for (int i = 0; i < shared.size(); i++) {
        PromptedText text = TEXTS.get(i);
        double[] alone = alone(decoder, text);
        assertThat(shared.get(i)).hasSameSizeAs(text.scored());
        for (int k = 0; k < text.scored().length; k++) {
          assertThat(shared.get(i)[k]).isEqualTo(alone[text.scored()[k]], offset(tolerance));
        }
      }
    }
  }

  /** Losses of all tokens of a text in one pass over prompt and text, without a cache. */
  private static double[] alone(Decoder decoder, PromptedText text) {
    int[] tokens = new int[text.prompt().length + text.text().length];
    System.arraycopy(text.prompt(), 0, tokens, 0, text.prompt().length);
    System.arraycopy(text.text(), 0, tokens, text.prompt().length, text.text().length);
    Example example = new Example("alone", tokens, text.prompt().length);
    return decoder.forward(Batch.of(List.of(example))).tokens()[0];
  }

  @Test
  void commonBeginningsAreReadOnce() {
    List<PromptedText> same = TEXTS.subList(0, 4);
    try (Decoder decoder =
        Decoder.load(
            CONFIG, Adapter.full(), TestBackend.ARRAY_DOUBLE.backend(), GoldenWeights.formula())) {
      PromptedLosses losses = new PromptedLosses(decoder);
      losses.of(same);
      // The common 1 17 40; 205 of the first prompt. The last tokens of the prompts are read with
      // the texts, which end before their last scored token: 4, 1 and 3 tokens, none of the fourth.
      assertThat(losses.tokensRead()).isEqualTo(3 + 1 + 4 + 1 + 3);
    }
  }

  @Test
  void nothingIsReadForNoTexts() {
    try (Decoder decoder =
        Decoder.load(
            CONFIG, Adapter.full(), TestBackend.ARRAY_DOUBLE.backend(), GoldenWeights.formula())) {
      assertThat(new PromptedLosses(decoder).of(List.of())).isEmpty();
    }
  }

  @Test
  void placesOutsideTheTextAreRejected() {
    assertThatThrownBy(() -> new PromptedText(FIRST, new int[] {1}, new int[] {1}))
        .hasMessage("Invalid index: 1 in a text of 1 tokens");
    assertThatThrownBy(() -> new PromptedText(new int[0], new int[] {1}, new int[] {0}))
        .hasMessage("Invalid prompt: no token");
  }
}
