package org.lethe.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.lethe.tensor.VectorBlocks.Block;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arithmetic on flat parameter vectors, FLOAT or DOUBLE, in as few passes over memory as possible.
 *
 * <p>A vector is worked on in blocks that are copied into heap arrays, where plain loops run at
 * full speed, and back. Blocks run in parallel; what they yield is combined in the order of the
 * blocks, so results do not depend on the number of threads.
 */
public final class FlatVectors {
  private FlatVectors() {}

  /**
   * The three inner products of two vectors, in double.
   *
   * @param first |a|^2
   * @param second |b|^2
   * @param mixed &lt;a, b&gt;
   */
  public record InnerProducts(double first, double second, double mixed) {
    /** Whether neither vector holds NaN or an infinity. */
    public boolean isFinite() {
      return Double.isFinite(first) && Double.isFinite(second) && Double.isFinite(mixed);
    }
  }

  /** Works on one block of several vectors at once; called from several threads. */
  public interface Kernel {
    /**
     * Works on FLOAT vectors.
     *
     * @param vectors one array per vector, in the order in which they were given
     * @param length elements of this block
     */
    void floats(float[][] vectors, int length);

    /** Works on DOUBLE vectors. */
    void doubles(double[][] vectors, int length);
  }

  /** Sums over one block of several vectors; called from several threads. */
  public interface Reduction {
    /**
     * Sums over FLOAT vectors.
     *
     * @param vectors one array per vector, in the order in which they were given; the kernel may
     *     write over them, which nobody sees
     * @param length elements of this block
     * @return always as many sums
     */
    double[] floats(float[][] vectors, int length);

    /** Sums over DOUBLE vectors. */
    double[] doubles(double[][] vectors, int length);
  }

  /** The sums of a kernel over all blocks, added in their order. */
  public static double[] sums(List<INDArray> read, Reduction kernel) {
    VectorBlocks blocks = new VectorBlocks(read);
    double[][] parts = new double[blocks.count()][];
    blocks.forEach(
        block ->
            parts[block.index()] =
                block.isFloat()
                    ? kernel.floats(block.floats(), block.length())
                    : kernel.doubles(block.doubles(), block.length()));
    double[] total = new double[parts[0].length];
    for (double[] part : parts) {
      for (int i = 0; i < total.length; i++) {
        total[i] += part[i];
      }
    }
    return total;
  }

  /** |a|^2, |b|^2 and &lt;a, b&gt; in one pass. */
  public static InnerProducts innerProducts(INDArray a, INDArray b) {
    return innerProducts(a, b, a.length()).get(0);
  }

  /**
   * The inner products of each part of two vectors, all in one pass.
   *
   * @param ends where each part ends and the next begins, rising; the last is the vectors' length
   */
  public static List<InnerProducts> innerProducts(INDArray a, INDArray b, long... ends) {
    if (ends.length == 0 || ends[ends.length - 1] != a.length()) {
      throw new IllegalArgumentException(
          "Invalid parts: end at %s of %d elements".formatted(Arrays.toString(ends), a.length()));
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
      double[] sum =
          block.isFloat() ? floatProducts(block, from, to) : doubleProducts(block, from, to);
      System.arraycopy(sum, 0, sums, 3 * (part - first), 3);
      from = to;
    }
    return sums;
  }

  /** The part that holds an index. */
  private static int firstEndAfter(long[] ends, long index) {
    int found = Arrays.binarySearch(ends, index);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** |a|^2 in double. */
  public static double squaredNorm(INDArray a) {
    return innerProducts(a, a).first();
  }

  /** y = alpha x + beta y, computed in double and rounded once. */
  public static void axpby(double alpha, INDArray x, double beta, INDArray y) {
    update(
        List.of(x),
        List.of(y),
        new Kernel() {
          @Override
          public void floats(float[][] vectors, int length) {
            float[] source = vectors[0];
            float[] target = vectors[1];
            for (int i = 0; i < length; i++) {
              target[i] = (float) (alpha * source[i] + beta * target[i]);
            }
          }

          @Override
          public void doubles(double[][] vectors, int length) {
            double[] source = vectors[0];
            double[] target = vectors[1];
            for (int i = 0; i < length; i++) {
              target[i] = alpha * source[i] + beta * target[i];
            }
          }
        });
  }

  /** y = x, bit for bit. */
  public static void copy(INDArray x, INDArray y) {
    update(
        List.of(x),
        List.of(y),
        new Kernel() {
          @Override
          public void floats(float[][] vectors, int length) {
            System.arraycopy(vectors[0], 0, vectors[1], 0, length);
          }

          @Override
          public void doubles(double[][] vectors, int length) {
            System.arraycopy(vectors[0], 0, vectors[1], 0, length);
          }
        });
  }

  /** y += alpha x. */
  public static void addScaled(double alpha, INDArray x, INDArray y) {
    axpby(alpha, x, 1, y);
  }

  /**
   * Runs a kernel over all blocks of vectors of one length and type.
   *
   * @param read vectors that the kernel only reads; it sees them first
   * @param written vectors whose blocks are written back; it sees them after the others
   */
  public static void update(List<INDArray> read, List<INDArray> written, Kernel kernel) {
    VectorBlocks blocks = new VectorBlocks(Stream.concat(read.stream(), written.stream()).toList());
    blocks.forEach(
        block -> {
          if (block.isFloat()) {
            kernel.floats(block.floats(), block.length());
          } else {
            kernel.doubles(block.doubles(), block.length());
          }
          for (int i = read.size(); i < read.size() + written.size(); i++) {
            block.writeBack(i);
          }
        });
    written.forEach(VectorBlocks::wroteHost);
  }

  /** Index of the first element that is NaN or infinite, if any. */
  public static OptionalLong firstNonFinite(INDArray a) {
    VectorBlocks blocks = new VectorBlocks(List.of(a));
    long[] found = new long[blocks.count()];
    blocks.forEach(block -> found[block.index()] = firstNonFinite(block));
    return Arrays.stream(found).filter(index -> index >= 0).findFirst();
  }

  private static long firstNonFinite(Block block) {
    if (block.isFloat()) {
      float[] a = block.floats()[0];
      for (int i = 0; i < block.length(); i++) {
        if (!Float.isFinite(a[i])) {
          return block.from() + i;
        }
      }
    } else {
      double[] a = block.doubles()[0];
      for (int i = 0; i < block.length(); i++) {
        if (!Double.isFinite(a[i])) {
          return block.from() + i;
        }
      }
    }
    return -1;
  }

  // Two accumulators for each of the three sums: with one, every addition would wait for the last.

  private static double[] floatProducts(Block block, int from, int to) {
    float[] a = block.floats()[0];
    float[] b = block.floats()[1];
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

  private static double[] doubleProducts(Block block, int from, int to) {
    double[] a = block.doubles()[0];
    double[] b = block.doubles()[1];
    int even = from + ((to - from) & ~1);
    double first0 = 0;
    double first1 = 0;
    double second0 = 0;
    double second1 = 0;
    double mixed0 = 0;
    double mixed1 = 0;
    for (int i = from; i < even; i += 2) {
      first0 += a[i] * a[i];
      first1 += a[i + 1] * a[i + 1];
      second0 += b[i] * b[i];
      second1 += b[i + 1] * b[i + 1];
      mixed0 += a[i] * b[i];
      mixed1 += a[i + 1] * b[i + 1];
    }
    if (even < to) {
      first0 += a[even] * a[even];
      second0 += b[even] * b[even];
      mixed0 += a[even] * b[even];
    }
    return new double[] {first0 + first1, second0 + second1, mixed0 + mixed1};
  }
}
