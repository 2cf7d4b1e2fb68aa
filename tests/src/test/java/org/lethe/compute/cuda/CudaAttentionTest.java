package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.compute.Compute.Turn;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.compute.RotaryTables;
import org.lethe.compute.Scores;
import org.lethe.error.LetheException;

/** Compares the kernels of attention and rotation with ND4J's operations in DOUBLE. */
final class CudaAttentionTest {
  private static final int[] STARTS = {0, 37, 38, 110};

  private OnBothBackends operations;

  @BeforeEach
  void open() {
    operations = new OnBothBackends();
  }

  @Test
  void rotations() {
    float[] cosines = new float[20 * 4];
    float[] sines = new float[20 * 4];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = (float) Math.cos(i);
      sines[i] = (float) Math.sin(i);
    }
    RotaryTables tables = new RotaryTables(4, cosines, sines);
    int[] positions = {0, 7, 19};
    for (Turn turn : Turn.values()) {
      operations.compare(
          1e-6,
          o ->
              o.compute()
                  .rotate(o.get(0).columns(0, 24), 2 * tables.half(), tables, positions, turn),
          operations.values(3, 32));
      operations.compare(
          1e-6,
          o -> o.compute().rotate(o.get(0).columns(0, 24), 12, tables, positions, turn),
          operations.values(3, 36));
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 2, 8", "2, 2, 48", "3, 1, 64", "2, 1, 128", "2, 1, 160", "1, 1, 256"})
  void attention(int query, int keyValue, int size) {
    attention(new Heads(query, keyValue, size), STARTS);
  }

  /** Windows within a tile, of several tiles, and of one token; caps that bend most scores. */
  @ParameterizedTest
  @CsvSource({
    "8, 7, 0",
    "8, 70, 0",
    "8, 1, 2",
    "80, 33, 0",
    "80, 40, 1.5",
    "256, 20, 0",
    "256, 17, 2",
    "8, 0, 1"
  })
  void windowsAndSoftCaps(int size, int window, double cap) {
    int[] starts = {0, 150, 151, 200};
    attention(new Heads(2, 1, size, scores(size, window, cap)), starts);
  }

  private static Scores scores(int size, int window, double cap) {
    return new Scores(
        1 / Math.sqrt(size),
        cap > 0 ? OptionalDouble.of(cap) : OptionalDouble.empty(),
        window > 0 ? OptionalInt.of(window) : OptionalInt.empty());
  }

  private void attention(Heads heads, int[] starts) {
    int n = starts[starts.length - 1];
    int width = heads.querySize() + 2 * heads.keyValueSize();
    operations.compare(
        1e-4,
        o -> {
          Matrix logSums = o.backend().matrix(n, heads.query());
          o.compute().attend(heads, starts, o.get(0), logSums, o.get(1));
          o.compute()
              .attendBackward(heads, starts, o.get(2), o.get(0), logSums, o.get(1), o.get(3));
        },
        operations.values(n, width),
        operations.values(n, heads.querySize()),
        operations.values(n, heads.querySize()),
        operations.values(n, width));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 2, 8, 0, 0",
    "3, 1, 64, 0, 0",
    "2, 1, 128, 0, 0",
    "2, 1, 256, 0, 0",
    "4, 2, 8, 5, 0",
    "2, 1, 72, 1, 1",
    "2, 1, 256, 10, 2"
  })
  void cachedAttention(int query, int keyValue, int size, int window, double cap) {
    Heads heads = new Heads(query, keyValue, size, scores(size, window, cap));
    int[] slots = {2, 0};
    int[] lengths = {19, 3};
    operations.compare(
        1e-5,
        o -> o.compute().attendCached(heads, o.get(0), o.get(1), 20, slots, lengths, o.get(2)),
        operations.values(2, heads.querySize() + 2 * heads.keyValueSize()),
        operations.values(60, 2 * heads.keyValueSize()),
        operations.values(2, heads.querySize()));
  }

  @Test
  void largeHeadsAreRejectedBeforeWorkStarts() {
    assertThatThrownBy(() -> TestDevice.backend().requireAttention(new Heads(2, 1, 257)))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Attention heads of 257 elements are too large for the CUDA kernels, which take up to"
                + " 256; set lethe.platform.backend = cpu");
  }
}
