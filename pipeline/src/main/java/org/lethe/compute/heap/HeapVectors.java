package org.lethe.compute.heap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.compute.VectorMath;
import org.lethe.compute.heap.VectorBlocks.Block;

/**
 * Arithmetic of FLOAT vectors on the CPU. Copies blocks of a vector into heap arrays, where plain
 * loops run at full speed, and back. Blocks run in parallel; their results are combined in block
 * order.
 */
final class HeapVectors implements VectorMath {
  static final HeapVectors INSTANCE = new HeapVectors();

  private HeapVectors() {}

  /** Works on one block of several vectors; called from several threads. */
  interface Kernel {
    /**
     * @param vectors one array per vector, in argument order
     * @param length elements of this block
     */
    void run(float[][] vectors, int length);
  }

  /** Sums over one block of several vectors; called from several threads. */
  interface Reduction {
    /**
     * @param vectors scratch copies, one per vector; the kernel may overwrite them
     * @param length elements of this block
     * @return the sums; their number is the same for every block
     */
    double[] run(float[][] vectors, int length);
  }

  /** Adds the sums of all blocks, in block order. */
  private static double[] sums(List<FlatVector> read, Reduction kernel) {
    VectorBlocks blocks = new VectorBlocks(read);
    double[][] parts = new double[blocks.count()][];
    blocks.forEach(block -> parts[block.index()] = kernel.run(block.floats(), block.length()));
    double[] total = new double[parts[0].length];
    for (double[] part : parts) {
      for (int i = 0; i < total.length; i++) {
        total[i] += part[i];
      }
    }
    return total;
  }

  /**
   * Runs a kernel over all blocks of vectors of one length.
   *
   * @param read vectors that the kernel only reads; it receives them first
   * @param written vectors whose blocks are written back; it receives them after the others
   */
  private static void update(List<FlatVector> read, List<FlatVector> written, Kernel kernel) {
    VectorBlocks blocks = new VectorBlocks(Stream.concat(read.stream(), written.stream()).toList());
    blocks.forEach(
        block -> {
          kernel.run(block.floats(), block.length());
          for (int i = read.size(); i < read.size() + written.size(); i++) {
            block.writeBack(i);
          }
        });
  }

  @Override
  public FlatVector zeros(long length) {
    return HeapVector.zeros(length);
  }

  @Override
  public void copy(FlatVector x, FlatVector y) {
    update(
        List.of(x),
        List.of(y),
        (vectors, length) -> System.arraycopy(vectors[0], 0, vectors[1], 0, length));
  }

  @Override
  public void fill(double value, FlatVector x) {
    VectorBlocks.own(x).array().assign(value);
  }

  @Override
  public void axpby(double alpha, FlatVector x, double beta, FlatVector y) {
    update(
        List.of(x),
        List.of(y),
        (vectors, length) -> {
          float[] source = vectors[0];
          float[] target = vectors[1];
          for (int i = 0; i < length; i++) {
            target[i] = (float) (alpha * source[i] + beta * target[i]);
          }
        });
  }

  @Override
  public void weightedSum(List<FlatVector> vectors, double[] weights, FlatVector result) {
    update(
        vectors,
        List.of(result),
        (blocks, length) -> {
          float[] sums = blocks[weights.length];
          for (int i = 0; i < length; i++) {
            double sum = weights[0] * blocks[0][i];
            for (int w = 1; w < weights.length; w++) {
              sum += weights[w] * blocks[w][i];
            }
            sums[i] = (float) sum;
          }
        });
  }

  @Override
  public List<InnerProducts> innerProducts(FlatVector a, FlatVector b, long... ends) {
    if (ends.length == 0 || ends[ends.length - 1] != a.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid parts: end at %s of %d elements",
              Arrays.toString(ends),
              a.length()));
    }
    VectorBlocks blocks = new VectorBlocks(List.of(a, b));
    double[][] sums = new double[blocks.count()][];
    blocks.forEach(block -> sums[block.index()] = products(block, ends));
    double[] totals = new double[3 * ends.length];
    for (int i = 0; i < sums.length; i++) {
      int first = 3 * firstEndAfter(ends, (long) i * VectorBlocks.SIZE);
      for (int j = 0; j < sums[i].length; j++) {
        totals[first + j] += sums[i][j];
      }
    }
    List<InnerProducts> products = new ArrayList<>();
    for (int i = 0; i < totals.length; i += 3) {
      products.add(new InnerProducts(totals[i], totals[i + 1], totals[i + 2]));
    }
    return products;
  }

  /** Three sums for each part that a block touches. */
  private static double[] products(Block block, long[] ends) {
    int first = firstEndAfter(ends, block.from());
    int last = firstEndAfter(ends, block.from() + block.length() - 1);
    double[] sums = new double[3 * (last - first + 1)];
    int from = 0;
    for (int part = first; part <= last; part++) {
      int to = (int) Math.min(block.length(), ends[part] - block.from());
      double[] sum = products(block.floats(), from, to);
      System.arraycopy(sum, 0, sums, 3 * (part - first), 3);
      from = to;
    }
    return sums;
  }

  /** Index of the part that contains an element. */
  private static int firstEndAfter(long[] ends, long index) {
    int found = Arrays.binarySearch(ends, index);
    return found >= 0 ? found + 1 : -found - 1;
  }

  private static double[] products(float[][] vectors, int from, int to) {
    float[] a = vectors[0];
    float[] b = vectors[1];
    int even = from + ((to - from) & ~1);
    double first0 = 0;
    double first1 = 0;
    double second0 = 0;
    double second1 = 0;
    double mixed0 = 0;
    double mixed1 = 0;
    for (int i = from; i < even; i += 2) {
      double a0 = a[i];
      double a1 = a[i + 1];
      double b0 = b[i];
      double b1 = b[i + 1];
      first0 += a0 * a0;
      first1 += a1 * a1;
      second0 += b0 * b0;
      second1 += b1 * b1;
      mixed0 += a0 * b0;
      mixed1 += a1 * b1;
    }
    if (even < to) {
      double a0 = a[even];
      double b0 = b[even];
      first0 += a0 * a0;
      second0 += b0 * b0;
      mixed0 += a0 * b0;
    }
    return new double[] {first0 + first1, second0 + second1, mixed0 + mixed1};
  }

  @Override
  public double norm(FlatVector a) {
    return VectorBlocks.own(a).array().norm2Number().doubleValue();
  }

  @Override
  public OptionalLong firstNonFinite(FlatVector a) {
    VectorBlocks blocks = new VectorBlocks(List.of(a));
    long[] found = new long[blocks.count()];
    blocks.forEach(block -> found[block.index()] = firstNonFinite(block));
    return Arrays.stream(found).filter(index -> index >= 0).findFirst();
  }

  private static long firstNonFinite(Block block) {
    float[] a = block.floats()[0];
    for (int i = 0; i < block.length(); i++) {
      if (!Float.isFinite(a[i])) {
        return block.from() + i;
      }
    }
    return -1;
  }

  @Override
  public void adamW(
      List<Term> direction,
      FlatVector parameters,
      FlatVector first,
      FlatVector second,
      AdamWStep step) {
    update(
        vectors(direction),
        List.of(parameters, first, second),
        (vectors, length) -> {
          float[] d = StepKernels.direction(direction, vectors, length);
          int at = direction.size();
          StepKernels.adamW(step, d, vectors[at], vectors[at + 1], vectors[at + 2], length);
        });
  }

  private static List<FlatVector> vectors(List<Term> direction) {
    return direction.stream().map(Term::vector).toList();
  }

  @Override
  public void sgd(
      List<Term> direction, FlatVector parameters, Optional<FlatVector> momentum, SgdStep step) {
    update(
        vectors(direction),
        momentum.map(m -> List.of(parameters, m)).orElse(List.of(parameters)),
        (vectors, length) -> {
          float[] d = StepKernels.direction(direction, vectors, length);
          int at = direction.size();
          if (momentum.isPresent()) {
            StepKernels.remember(step.momentum(), d, vectors[at + 1], length);
          }
          StepKernels.sgd(step, d, vectors[at], length);
        });
  }

  @Override
  public InnerProducts adamWProducts(Term a, Term b, FlatVector second, AdamWStep step) {
    double[] sums =
        sums(
            List.of(a.vector(), b.vector(), second),
            (vectors, length) ->
                StepKernels.adamWProducts(step, a.weight(), b.weight(), vectors, length));
    return new InnerProducts(sums[0], sums[1], sums[2]);
  }

  @Override
  public void selectBySign(Term a, Term b) {
    update(
        List.of(a.vector()),
        List.of(b.vector()),
        (vectors, length) -> StepKernels.selectBySign(a.weight(), b.weight(), vectors, length));
  }
}
