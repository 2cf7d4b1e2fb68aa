package org.lethe.model.generation;

import java.util.Arrays;
import java.util.List;
import org.lethe.compute.Matrix;
import org.lethe.error.ModelErrors;
import org.lethe.model.Noise;
import org.lethe.model.TokenChoice;

/**
 * Draws tokens by the Gumbel-max rule: the largest of logit / temperature + Gumbel noise. The noise
 * is a function of (seed, prompt id, position in the answer, token). The last bits of logits differ
 * between batches and processes. They change a text only if the two largest sums are that close; a
 * walk along the cumulative distribution would be exposed to them at each step.
 */
final class Sampler {
  /** Distance below the largest logit from which tokens are ignored: exp(-20) is 2e-9. */
  private static final double NEGLIGIBLE = 20;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final List<SampledPrompt> prompts;
  private final long[] streams;
  private final Nucleus nucleus = new Nucleus();
  private float[] row = new float[0];
  private long[] ranked = new long[0];

  Sampler(List<SampledPrompt> prompts, long seed) {
    this.prompts = prompts;
    streams =
        prompts.stream()
            .mapToLong(p -> Noise.mix(Noise.mix(seed + GOLDEN) ^ Noise.key(p.id())))
            .toArray();
  }

  /**
   * Token choice of one step.
   *
   * @param slots prompt of each row
   * @param token index of the new token, from 0
   */
  TokenChoice at(int[] slots, int token) {
    return (compute, logits, first) -> {
      int[] chosen = new int[logits.rows()];
      for (int i = 0; i < chosen.length; i++) {
        chosen[i] = choose(logits, i, slots[first + i], token);
      }
      return chosen;
    };
  }

  private int choose(Matrix logits, int index, int slot, int token) {
    SampledPrompt prompt = prompts.get(slot);
    read(logits, index);
    int best = largest();
    if (!Float.isFinite(row[best])) {
      throw ModelErrors.logitNotFinite(prompt.id(), row[best]);
    }
    Sampling sampling = prompt.sampling();
    long stream = Noise.mix(streams[slot] + GOLDEN * (token + 1));
    double temperature = sampling.temperature().at(token);
    float least = row[best] - (float) (NEGLIGIBLE * temperature);
    if (sampling.topK() < row.length) {
      least = Math.max(least, leastKept(sampling, temperature, least));
    } else if (sampling.topP() < 1) {
      least = nucleus.leastKept(row, row[best], least, temperature, sampling.topP());
    }
    return draw(stream, temperature, least);
  }

  private void read(Matrix logits, int index) {
    if (row.length != logits.columns()) {
      row = new float[logits.columns()];
      ranked = new long[row.length];
    }
    logits.rows(index, 1).download(row);
  }

  private int largest() {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best] || Float.isNaN(row[i])) {
        best = i;
      }
    }
    return best;
  }

  /**
   * The smallest logit that top-k keeps, and top-p of what it keeps. Tokens with equal logits are
   * kept or dropped together.
   */
  private float leastKept(Sampling sampling, double temperature, float least) {
    int count = rank(Math.min(sampling.topK(), row.length), least);
    int kept = Math.min(count, sampling.topK());
    if (sampling.topP() < 1) {
      double largest = logitOf(ranked[count - 1]);
      double sum = 0;
      for (int i = 0; i < kept; i++) {
        sum += Math.exp((logitOf(ranked[count - 1 - i]) - largest) / temperature);
      }
      double left = sampling.topP() * sum;
      int needed = 0;
      while (needed < kept && left > 0) {
        left -= Math.exp((logitOf(ranked[count - 1 - needed]) - largest) / temperature);
        needed++;
      }
      kept = needed;
    }
    return logitOf(ranked[count - kept]);
  }

  /**
   * Ranks the largest logits above a bound in rising order. Sorting the whole vocabulary for each
   * token shows in profiles of small models. So each time 2 k logits have gathered, all but the k
   * largest are dropped.
   *
   * @return how many are ranked: the k largest and perhaps more, or all
   */
  private int rank(int k, float least) {
    int room = (int) Math.min(2L * k, row.length);
    float bound = least;
    int count = 0;
    for (float logit : row) {
      if (logit >= bound) {
        if (count == room) {
          Arrays.sort(ranked, 0, count);
          System.arraycopy(ranked, count - k, ranked, 0, k);
          count = k;
          bound = logitOf(ranked[0]);
        }
        ranked[count++] = orderOf(logit);
      }
    }
    Arrays.sort(ranked, 0, count);
    return count;
  }

  /** Floats as integers of the same order. */
  private static long orderOf(float value) {
    int bits = Float.floatToIntBits(value);
    return bits >= 0 ? bits : bits ^ 0x7FFFFFFF;
  }

  private static float logitOf(long order) {
    int bits = (int) order;
    return Float.intBitsToFloat(bits >= 0 ? bits : bits ^ 0x7FFFFFFF);
  }

  private int draw(long stream, double temperature, float least) {
    int best = -1;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < row.length; i++) {
      if (row[i] >= least) {
        double sum = row[i] / temperature + gumbel(stream, i);
        if (sum > largest) {
          largest = sum;
          best = i;
        }
      }
    }
    return best;
  }

  private static double gumbel(long stream, int token) {
    double uniform = ((Noise.mix(stream + GOLDEN * (token + 1)) >>> 12) + 0.5) * 0x1p-52;
    return -Math.log(-Math.log(uniform));
  }
}
