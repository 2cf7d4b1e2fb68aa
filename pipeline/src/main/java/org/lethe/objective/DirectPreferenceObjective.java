package org.lethe.objective;

import java.util.ArrayList;
import java.util.List;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.SequenceLoss;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * DPO with an alternative as winner and the forget completion as loser, counted in pairs.
 *
 * <p>With s the summed token losses of a completion, x = (s_ref_a - s_a) - (s_ref_f - s_f). The
 * loss is a {@link PreferenceCurve} of x. Both completions of a pair go through the network
 * together, because the weight of each depends on both.
 */
record DirectPreferenceObjective(
    PreferenceCurve curve,
    Alternatives alternatives,
    ReferenceLosses reference,
    ReferenceLosses alternativeReference)
    implements Objective {

  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    List<Example> pairs = new ArrayList<>();
    for (Example example : batch.examples()) {
      pairs.add(example);
      pairs.add(alternatives.of(example));
    }
    double total =
        decoder.accumulateSequences(Batch.of(pairs), new PairLoss(batch.examples()), gradients);
    return new LossSum(total, batch.size());
  }

  private final class PairLoss implements SequenceLoss {
    private final List<Example> examples;

    PairLoss(List<Example> examples) {
      this.examples = examples;
    }

    @Override
    public int groupSize() {
      return 2;
    }

    @Override
    public double apply(int pair, double[] sums, double[] slopes) {
      String id = examples.get(pair).id();
      double x = alternativeReference.of(id) - sums[1] - (reference.of(id) - sums[0]);
      slopes[0] = curve.slope(x);
      slopes[1] = -slopes[0];
      return curve.loss(x);
    }
  }
}
