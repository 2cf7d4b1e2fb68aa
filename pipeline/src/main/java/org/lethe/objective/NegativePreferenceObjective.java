package org.lethe.objective;

import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * NPO and SimNPO per sequence, counted in sequences.
 *
 * <p>The loss of a sequence is a {@link PreferenceCurve} of x, its excess, which is linear in s,
 * the summed token losses. So its gradient is that of s with one weight for all tokens, which is
 * known once the whole sequence has been processed.
 */
record NegativePreferenceObjective(PreferenceCurve curve, Excess excess) implements Objective {
  /** The excess of a completion's loss over its target, in nats. */
  interface Excess {
    /**
     * Returns the excess x.
     *
     * @param sum summed token losses of the completion
     */
    double of(Example example, double sum);

    /** Returns dx/ds. */
    double perNat(Example example);
  }

  /** Excess for NPO: s - s_ref. */
  record OverReference(ReferenceLosses reference) implements Excess {
    @Override
    public double of(Example example, double sum) {
      return sum - reference.of(example.id());
    }

    @Override
    public double perNat(Example example) {
      return 1;
    }
  }

  /** Excess for SimNPO: s / |y| - delta. */
  record PerToken(double delta) implements Excess {
    @Override
    public double of(Example example, double sum) {
      return sum / example.completionTokens() - delta;
    }

    @Override
    public double perNat(Example example) {
      return 1.0 / example.completionTokens();
    }
  }

  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    double total =
        decoder.accumulateSequences(
            batch,
            (b, sums, slopes) -> {
              Example example = batch.examples().get(b);
              double x = excess.of(example, sums[0]);
              slopes[0] = curve.slope(x) * excess.perNat(example);
              return curve.loss(x);
            },
            gradients);
    return new LossSum(total, batch.size());
  }
}
