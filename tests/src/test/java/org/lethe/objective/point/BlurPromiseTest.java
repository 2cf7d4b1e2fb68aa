package org.lethe.objective.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.FlatVector;
import org.lethe.compute.TestBackend;
import org.lethe.compute.VectorMath.Term;
import org.lethe.corpus.ShardFixture;
import org.lethe.direction.Blur;
import org.lethe.direction.BlurRelative;
import org.lethe.direction.Direction;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.LossInputs;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.objective.RefusalTarget;
import org.lethe.objective.RetainLoss;
import org.lethe.objective.token.LikelihoodWeights;
import org.lethe.objective.token.SaturationWeights;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * BLUR's promise about the forget loss, &lt;g_f, d&gt; = gamma |g_f|^2, over the methods of
 * 2025/26. It holds for the gradient that BLUR is given. For the loss at the parameters it holds
 * exactly if the gradient is taken there, and in the limit of a small radius if it is taken uphill.
 */
final class BlurPromiseTest {
  private static final double GAMMA = 0.3;
  private static final Architecture CONFIG =
      new LlamaConfig(16, 24, 2, 2, 1, 8, 32, 32, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();
  private static final List<Example> FORGET = ShardFixture.examples("forget", 3, 32);
  private static final List<Example> REFUSALS = ShardFixture.examples("refusals", 3, 32);
  private static final Batch RETAIN = Batch.of(ShardFixture.examples("retain", 3, 32));

  /** A forget loss and where its gradient is taken. */
  record Method(ForgetLoss loss, GradientPoint point) {}

  static Stream<Method> methods() {
    ForgetLoss npo = new ForgetLoss.NegativePreference(0.1);
    ForgetLoss.TokenWise ascent = new ForgetLoss.GradientAscent();
    ForgetLoss.TokenWise jensun = new ForgetLoss.RefusalDivergence(RefusalTarget.CYCLED);
    return Stream.of(
        new Method(npo, GradientPoint.PARAMETERS),
        new Method(jensun, GradientPoint.PARAMETERS),
        new Method(
            new ForgetLoss.Weighted(ascent, new LikelihoodWeights(1)), GradientPoint.PARAMETERS),
        new Method(
            new ForgetLoss.Weighted(jensun, new SaturationWeights(5, 1)), GradientPoint.PARAMETERS),
        new Method(npo, new Sharpened(1e-5)),
        new Method(npo, new Sharpened(0.5)),
        new Method(jensun, new Sharpened(0.5)),
        new Method(npo, new Rounded(1)),
        new Method(jensun, new Rounded(0.75)));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void blurKeepsItsPromiseAboutTheGradientItIsGiven(Method method) {
    try (Decoder decoder = decoder();
        Gradients given = decoder.newGradients();
        Gradients plain = decoder.newGradients();
        Gradients retain = decoder.newGradients()) {
      LossGradient forget = gradient(decoder, method, given);
      LossGradient atParameters =
          gradient(decoder, new Method(method.loss(), GradientPoint.PARAMETERS), plain);
      Objective nll = new RetainLoss.NegativeLogLikelihood().objective(Optional.empty());
      LossSum kept = nll.accumulate(decoder, RETAIN, retain);
      LossGradient other = new LossGradient(retain.flat(), 1.0 / kept.count());
      double squared = dot(forget, forget);
      double lengths = Math.sqrt(squared * dot(other, other));
      Direction blur = new Blur(GAMMA, 0);
      Direction relative = new BlurRelative(GAMMA, 0);

      assertThat(descent(blur, forget, other, decoder, forget))
          .isCloseTo(GAMMA * squared, within(1e-9 * lengths));
      assertThat(descent(relative, forget, other, decoder, forget))
          .isCloseTo(GAMMA * lengths, within(1e-9 * lengths));
      if (method.point().equals(new Sharpened(1e-5))) {
        assertThat(descent(blur, forget, other, decoder, atParameters))
            .isCloseTo(GAMMA * dot(atParameters, atParameters), within(1e-3 * lengths));
      }
    }
  }

  /** &lt;g, d&gt; with the direction d of two gradients. */
  private static double descent(
      Direction direction,
      LossGradient forget,
      LossGradient retain,
      Decoder decoder,
      LossGradient g) {
    double sum = 0;
    for (Term term :
        direction
            .combine(new LossGradients(Optional.of(forget), Optional.of(retain), decoder.layout()))
            .terms()) {
      sum += term.weight() * g.scale() * inner(term.vector(), g.sum());
    }
    return sum;
  }

  private static double dot(LossGradient a, LossGradient b) {
    return a.scale() * b.scale() * inner(a.sum(), b.sum());
  }

  private static double inner(FlatVector a, FlatVector b) {
    return a.math().innerProducts(a, b).mixed();
  }

  private static LossGradient gradient(Decoder decoder, Method method, Gradients gradients) {
    Objective objective =
        method
            .loss()
            .objective(
                new LossInputs(
                    id -> 20,
                    Optional.empty(),
                    example -> REFUSALS.get(FORGET.indexOf(example)),
                    id -> 20));
    LossSum loss =
        method.point().accumulate(decoder, List.of(Batch.of(FORGET)), objective, gradients);
    return new LossGradient(gradients.flat(), 1.0 / loss.count());
  }

  private static Decoder decoder() {
    return Decoder.load(
        CONFIG, Adapter.full(), TestBackend.ARRAY_DOUBLE.backend(), new RandomWeights(5));
  }

  @Test
  void wrongNumbersAreRejected() {
    assertThatThrownBy(() -> new Sharpened(0)).hasMessage("Invalid radius: 0.0, expected above 0");
    assertThatThrownBy(() -> new Rounded(0))
        .hasMessage("Invalid share: 0.0, expected above 0 and at most 1");
    assertThatThrownBy(() -> new LikelihoodWeights(-1))
        .hasMessage("Invalid beta: -1.0, expected 0 or more");
  }
}
