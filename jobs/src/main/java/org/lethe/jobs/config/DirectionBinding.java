package org.lethe.jobs.config;

import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.lethe.direction.Blur;
import org.lethe.direction.BlurBarrier;
import org.lethe.direction.BlurMetric;
import org.lethe.direction.BlurRelative;
import org.lethe.direction.BlurScaled;
import org.lethe.direction.BlurSwapped;
import org.lethe.direction.ConflictProjection;
import org.lethe.direction.Direction;
import org.lethe.direction.NormalizedDifference;
import org.lethe.direction.PrimalDual;
import org.lethe.direction.SignAgreement;
import org.lethe.direction.WeightedSum;

/** Binds lethe.unlearn.direction. Register new directions here. */
final class DirectionBinding {
  private static final String KEY = "direction";
  private static final Choices<ConflictProjection.Scope> SCOPES =
      Choices.of(ConflictProjection.Scope.class);
  private static final Method<Direction> WEIGHTED_SUM = DirectionBinding::weightedSum;

  static final Choices<Method<Direction>> DIRECTIONS =
      Choices.<Method<Direction>>of("blur", section -> blur(section, Blur::new))
          .or("blur-barrier", section -> blur(section, BlurBarrier::new))
          .or("blur-metric", section -> blur(section, BlurMetric::new))
          .or("blur-relative", section -> blur(section, BlurRelative::new))
          .or("blur-scaled", DirectionBinding::blurScaled)
          .or("blur-swapped", section -> blur(section, BlurSwapped::new))
          .or("weighted-sum", WEIGHTED_SUM)
          .or("ngdiff", DirectionBinding::normalizedDifference)
          .or("pcgrad", DirectionBinding::conflictProjection)
          .or("sago", DirectionBinding::signAgreement)
          .or("primal-dual", DirectionBinding::primalDual);

  private DirectionBinding() {}

  static Direction read(Section unlearn) {
    return Method.chosen(unlearn, KEY, DIRECTIONS);
  }

  /** The only direction without a retain loss: a sum of which the forget part is left. */
  static Direction withoutRetainLoss(Section unlearn) {
    read(unlearn);
    if (unlearn.choice(KEY, DIRECTIONS) != WEIGHTED_SUM) {
      unlearn.problem(KEY, "weighted-sum, since there is no retain loss");
    }
    return new WeightedSum(unlearn.notNegative("weighted-sum.forget"), 0);
  }

  private static Supplier<Direction> blur(
      Section section, BiFunction<Double, Double, Direction> form) {
    double gamma = section.notNegative("blur.gamma");
    double zeroNorm = section.notNegative("blur.zero-norm");
    return () -> form.apply(gamma, zeroNorm);
  }

  private static Supplier<Direction> blurScaled(Section section) {
    double alpha = section.positive("blur.alpha");
    double zeroNorm = section.notNegative("blur.zero-norm");
    return () -> new BlurScaled(alpha, zeroNorm);
  }

  private static Supplier<Direction> weightedSum(Section section) {
    double forget = section.notNegative("weighted-sum.forget");
    double retain = section.notNegative("weighted-sum.retain");
    return () -> new WeightedSum(forget, retain);
  }

  private static Supplier<Direction> normalizedDifference(Section section) {
    double zeroNorm = section.notNegative("ngdiff.zero-norm");
    return () -> new NormalizedDifference(zeroNorm);
  }

  private static Supplier<Direction> conflictProjection(Section section) {
    double forget = section.notNegative("pcgrad.forget");
    double retain = section.notNegative("pcgrad.retain");
    ConflictProjection.Scope scope = section.choice("pcgrad.scope", SCOPES);
    return () -> new ConflictProjection(forget, retain, scope);
  }

  private static Supplier<Direction> signAgreement(Section section) {
    double forget = section.notNegative("sago.forget");
    double retain = section.notNegative("sago.retain");
    return () -> new SignAgreement(forget, retain);
  }

  private static Supplier<Direction> primalDual(Section section) {
    Section keys = section.below("primal-dual");
    PrimalDual direction =
        new PrimalDual(
            keys.positive("forget"),
            keys.notNegative("retain"),
            keys.notNegative("step-size"),
            keys.notNegative("bound"),
            keys.wholeNumber("warm-up-steps", 0, Long.MAX_VALUE));
    return () -> direction;
  }
}
