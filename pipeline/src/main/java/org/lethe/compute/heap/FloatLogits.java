package org.lethe.compute.heap;

import java.util.Arrays;
import org.lethe.compute.Compute.Comparison;
import org.lethe.compute.Compute.Moments;

/**
 * Row-wise work over the vocabulary in FLOAT on the CPU. Works on heap copies of part of a row at a
 * time, so that each logit is read twice and written once.
 */
final class FloatLogits {
  private static final int BLOCK = Exponential.BLOCK;
  private static final double LOG_2 = Math.log(2);

  private final Workers workers;
  private final Scratch[] scratch;

  FloatLogits(Workers workers) {
    this.workers = workers;
    scratch = new Scratch[workers.threads()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new Scratch();
    }
  }

  private static final class Scratch {
    private final Exponential exponential = new Exponential();
    private final float[] block = new float[BLOCK];
    private final float[] lanes = new float[BLOCK];
    private final float[] other = new float[BLOCK];
    private final float[] logs = new float[BLOCK];
    private final float[] firsts = new float[BLOCK];
    private final float[] seconds = new float[BLOCK];
  }

  void exponentials(HeapMatrix logits, int[] targets, double[] losses, double[] sums) {
    int width = logits.columns();
    workers.run(
        logits.rows(),
        (row, worker) -> {
          Scratch s = scratch[worker];
          float maximum = maximum(logits, row, s);
          double target = logits.get(row, targets[row]) - (double) maximum;
          Arrays.fill(s.lanes, 0);
          for (int at = 0; at < width; at += BLOCK) {
            int count = Math.min(BLOCK, width - at);
            logits.get(row, at, s.block, 0, count);
            subtract(s.block, maximum, count);
            s.exponential.apply(s.block, count);
            add(s.lanes, s.block, count);
            logits.put(row, at, s.block, 0, count);
          }
          sums[row] = sum(s.lanes);
          losses[row] = Math.log(sums[row]) - target;
        });
  }

  private static float maximum(HeapMatrix logits, int row, Scratch s) {
    int width = logits.columns();
    Arrays.fill(s.lanes, Float.NEGATIVE_INFINITY);
    for (int at = 0; at < width; at += BLOCK) {
      int count = Math.min(BLOCK, width - at);
      logits.get(row, at, s.block, 0, count);
      raise(s.lanes, s.block, count);
    }
    float maximum = Float.NEGATIVE_INFINITY;
    for (float lane : s.lanes) {
      maximum = Math.max(maximum, lane);
    }
    return maximum;
  }

  private static void raise(float[] lanes, float[] block, int count) {
    for (int i = 0; i < count; i++) {
      lanes[i] = Math.max(lanes[i], block[i]);
    }
  }

  private static void subtract(float[] block, float value, int count) {
    for (int i = 0; i < count; i++) {
      block[i] -= value;
    }
  }

  private static void add(float[] lanes, float[] block, int count) {
    for (int i = 0; i < count; i++) {
      lanes[i] += block[i];
    }
  }

  private static double sum(float[] lanes) {
    double sum = 0;
    for (float lane : lanes) {
      sum += lane;
    }
    return sum;
  }

  Comparison compare(HeapMatrix model, HeapMatrix reference, double[] weights) {
    int width = model.columns();
    double[] divergences = new double[model.rows()];
    double[] crossEntropies = new double[model.rows()];
    workers.run(
        model.rows(),
        (row, worker) -> {
          Scratch s = scratch[worker];
          double modelLog = logSum(model, row, s);
          double referenceLog = logSum(reference, row, s);
          double weight = weights[row];
          double sum = 0;
          double crossSum = 0;
          for (int at = 0; at < width; at += BLOCK) {
            int count = Math.min(BLOCK, width - at);
            model.get(row, at, s.block, 0, count);
            reference.get(row, at, s.other, 0, count);
            subtract(s.block, (float) modelLog, count);
            subtract(s.other, (float) referenceLog, count);
            for (int i = 0; i < count; i++) {
              s.logs[i] = s.block[i];
              s.lanes[i] = s.other[i] - s.block[i];
            }
            s.exponential.apply(s.block, count);
            s.exponential.apply(s.other, count);
            for (int i = 0; i < count; i++) {
              sum += s.other[i] * s.lanes[i];
              crossSum += s.other[i] * s.logs[i];
              s.block[i] = (float) (weight * (s.block[i] - s.other[i]));
            }
            model.put(row, at, s.block, 0, count);
          }
          divergences[row] = sum;
          crossEntropies[row] = -crossSum;
        });
    return new Comparison(divergences, crossEntropies);
  }

  double[] jensenShannon(HeapMatrix model, HeapMatrix reference, double[] weights) {
    double[] divergences = new double[model.rows()];
    workers.run(
        model.rows(),
        (row, worker) -> {
          Scratch s = scratch[worker];
          double modelLog = logSum(model, row, s);
          double referenceLog = logSum(reference, row, s);
          double fromModel = 0;
          double fromReference = 0;
          for (int at = 0; at < model.columns(); at += BLOCK) {
            int count = Math.min(BLOCK, model.columns() - at);
            model.get(row, at, s.block, 0, count);
            reference.get(row, at, s.other, 0, count);
            subtract(s.block, (float) modelLog, count);
            subtract(s.other, (float) referenceLog, count);
            for (int i = 0; i < count; i++) {
              s.logs[i] = s.other[i] - s.block[i];
              s.lanes[i] = -Math.abs(s.logs[i]);
            }
            s.exponential.apply(s.block, count);
            s.exponential.apply(s.other, count);
            s.exponential.apply(s.lanes, count);
            for (int i = 0; i < count; i++) {
              double ratio = s.logs[i];
              // log p - log m = log 2 - log(1 + q / p)
              double excess = LOG_2 - Math.max(0, ratio) - Math.log(1.0 + s.lanes[i]);
              fromModel += s.block[i] * excess;
              fromReference += s.other[i] * (ratio + excess);
              s.firsts[i] = (float) excess;
            }
            model.put(row, at, s.block, 0, count);
            reference.put(row, at, s.firsts, 0, count);
          }
          finishJensenShannon(model, reference, row, 0.5 * weights[row], fromModel, s);
          divergences[row] = 0.5 * (fromModel + fromReference);
        });
    return divergences;
  }

  /** Replaces probabilities p by factor p (excess - mean), with the excesses in the reference. */
  private static void finishJensenShannon(
      HeapMatrix model, HeapMatrix reference, int row, double factor, double mean, Scratch s) {
    for (int at = 0; at < model.columns(); at += BLOCK) {
      int count = Math.min(BLOCK, model.columns() - at);
      model.get(row, at, s.block, 0, count);
      reference.get(row, at, s.other, 0, count);
      for (int i = 0; i < count; i++) {
        s.block[i] = (float) (factor * s.block[i] * (s.other[i] - mean));
      }
      model.put(row, at, s.block, 0, count);
    }
  }

  private static double logSum(HeapMatrix logits, int row, Scratch s) {
    int width = logits.columns();
    float maximum = maximum(logits, row, s);
    Arrays.fill(s.lanes, 0);
    for (int at = 0; at < width; at += BLOCK) {
      int count = Math.min(BLOCK, width - at);
      logits.get(row, at, s.block, 0, count);
      subtract(s.block, maximum, count);
      s.exponential.apply(s.block, count);
      add(s.lanes, s.block, count);
    }
    return maximum + Math.log(sum(s.lanes));
  }

  Moments moments(HeapMatrix x, int[] rows, int[] columns) {
    int width = x.columns();
    double[] maxima = new double[x.rows()];
    double[] sums = new double[x.rows()];
    double[] firsts = new double[x.rows()];
    double[] seconds = new double[x.rows()];
    int[] largest = new int[x.rows()];
    workers.run(
        x.rows(),
        (row, worker) -> {
          Scratch s = scratch[worker];
          float maximum = maximum(x, row, s);
          Arrays.fill(s.lanes, 0);
          Arrays.fill(s.firsts, 0);
          Arrays.fill(s.seconds, 0);
          for (int at = 0; at < width; at += BLOCK) {
            int count = Math.min(BLOCK, width - at);
            x.get(row, at, s.block, 0, count);
            subtract(s.block, maximum, count);
            System.arraycopy(s.block, 0, s.other, 0, count);
            s.exponential.apply(s.block, count);
            add(s.lanes, s.block, count);
            addMoments(s, count);
          }
          maxima[row] = maximum;
          sums[row] = sum(s.lanes);
          firsts[row] = sum(s.firsts);
          seconds[row] = sum(s.seconds);
          largest[row] = indexOf(x, row, maximum, s);
        });
    double[] shifted = new double[rows.length];
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] = x.get(rows[i], columns[i]) - maxima[rows[i]];
    }
    return new Moments(sums, firsts, seconds, largest, shifted);
  }

  /** Adds exp(s) s and exp(s) s^2, with exp(s) in the block and s beside it. */
  private static void addMoments(Scratch s, int count) {
    float[] exponentials = s.block;
    float[] values = s.other;
    float[] firsts = s.firsts;
    float[] seconds = s.seconds;
    for (int i = 0; i < count; i++) {
      // Below, exp(s) is that of the limit and no longer falls, while s^2 grows.
      float value = Math.max(Exponential.SMALLEST, values[i]);
      float first = exponentials[i] * value;
      firsts[i] += first;
      seconds[i] += first * value;
    }
  }

  int[] largest(HeapMatrix x) {
    int[] best = new int[x.rows()];
    workers.run(
        x.rows(),
        (row, worker) -> {
          Scratch s = scratch[worker];
          float maximum = maximum(x, row, s);
          best[row] = indexOf(x, row, maximum, s);
        });
    return best;
  }

  private static int indexOf(HeapMatrix x, int row, float value, Scratch s) {
    for (int at = 0; at < x.columns(); at += BLOCK) {
      int count = Math.min(BLOCK, x.columns() - at);
      x.get(row, at, s.block, 0, count);
      for (int i = 0; i < count; i++) {
        if (s.block[i] == value) {
          return at + i;
        }
      }
    }
    return -1;
  }
}
