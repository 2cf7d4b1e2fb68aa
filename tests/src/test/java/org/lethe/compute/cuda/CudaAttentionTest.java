package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
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
  @CsvSource({"4, 2, 8", "2, 2, 48", "3, 1, 64", "2, 1, 128"})
  void attention(int query, int keyValue, int size) {
    Heads heads = new Heads(query, keyValue, size);
    int n = STARTS[STARTS.length - 1];
    int width = heads.querySize() + 2 * heads.keyValueSize();
    operations.compare(
        1e-4,
        o -> {
          Matrix logSums = o.backend().matrix(n, query);
          o.compute().attend(heads, STARTS, o.get(0), logSums, o.get(1));
          o.compute()
              .attendBackward(heads, STARTS, o.get(2), o.get(0), logSums, o.get(1), o.get(3));
        },
        operations.values(n, width),
        operations.values(n, heads.querySize()),
        operations.values(n, heads.querySize()),
        operations.values(n, width));
  }

  @ParameterizedTest
  @CsvSource({"4, 2, 8", "3, 1, 64", "2, 1, 128"})
  void cachedAttention(int query, int keyValue, int size) {
    Heads heads = new Heads(query, keyValue, size);
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
  void windowsSoftCapsAndLargeHeadsAreRejectedBeforeWorkStarts() {
    Scores window = Scores.scaled(1).within(OptionalInt.of(7));
    Scores capped = new Scores(1, OptionalDouble.of(50), OptionalInt.empty());
    for (Scores scores : List.of(window, capped)) {
      assertThatThrownBy(() -> TestDevice.backend().requireAttention(new Heads(2, 1, 8, scores)))
          .isInstanceOf(LetheException.class)
          .hasMessage(
              "The CUDA kernels do not compute windows and soft caps of attention; set"
                  + " lethe.platform.backend = cpu");
    }
    assertThatThrownBy(() -> TestDevice.backend().requireAttention(new Heads(2, 1, 256)))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Attention heads of 256 elements are too large for the CUDA kernels, which take up to"
                + " 128; set lethe.platform.backend = cpu");
  }
}
