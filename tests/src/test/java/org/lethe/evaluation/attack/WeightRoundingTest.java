package org.lethe.evaluation.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lethe.compute.FlatVector;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.evaluation.Golden;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.TensorValues;
import org.nd4j.linalg.api.buffer.DataType;

/** Rounded weights against bitsandbytes and by hand. */
final class WeightRoundingTest {
  @Test
  void fourBitsAgreeWithBitsandbytesAndEightWithTorch() {
    JsonNode golden = Golden.document("attacks.json").get("rounding");
    int group = golden.get("group").asInt();
    double[] values = Golden.doubles(golden.get("values"));

    assertThat(rounded(new WeightRounding(4, group), values))
        .containsExactly(Golden.doubles(golden.get("nf4")), within(1e-8));
    assertThat(rounded(new WeightRounding(8, group), values))
        .containsExactly(Golden.doubles(golden.get("int8")), within(1e-8));
  }

  /** Scale 2: 0.3 of it lies between the levels 0.2461 and 0.3379, nearer to the second. */
  @Test
  void everyGroupHasItsOwnScale() {
    double[] values = {2, 0.6, 0, -2, 0.5, 0.15, 0, 0};

    assertThat(rounded(new WeightRounding(4, 4), values))
        .containsExactly(
            new double[] {2, 2 * 0.33791524, 0, -2, 0.5, 0.5 * 0.33791524, 0, 0}, within(1e-7));
    assertThat(rounded(new WeightRounding(8, 4), values))
        .containsExactly(
            new double[] {2, 2 * 38.0 / 127, 0, -2, 0.5, 0.5 * 38.0 / 127, 0, 0}, within(1e-7));
  }

  /** 0.67583 has no 16-bit value: bfloat16 has steps of 1/256 there, half precision of 1/2048. */
  @Test
  void sixteenBitWeightsKeepTheNearestValueOfTheirType() {
    for (Dtype dtype : List.of(Dtype.BF16, Dtype.F16)) {
      try (FlatVector weights = new HeapBackend().frozen(dtype, 4)) {
        weights.put(0, new float[] {2, 0.625f, 0, -2}, 0, 4);
        new WeightRounding(4, 4).apply(weights);
        float[] values = new float[4];
        weights.get(0, values, 0, 4);

        float steps = dtype == Dtype.BF16 ? 256 : 2048;
        assertThat(values).containsExactly(2, Math.round(2 * 0.33791524f * steps) / steps, 0, -2);
      }
    }
  }

  @Test
  void aGroupOfZerosStaysAndTheLastGroupMayBeShort() {
    assertThat(rounded(new WeightRounding(4, 4), new double[] {0, 0, 0, 0, -3, 3}))
        .containsExactly(0, 0, 0, 0, -3, 3);
  }

  @Test
  void otherWidthsAreRejected() {
    assertThatThrownBy(() -> new WeightRounding(3, 64))
        .hasMessage("Invalid bits: 3, expected 4 or 8");
    assertThatThrownBy(() -> new WeightRounding(4, 0))
        .hasMessage("Invalid group: 0, expected 1 to 1048576");
  }

  private static double[] rounded(WeightRounding rounding, double[] values) {
    HeapValues tensor = new HeapValues(values.clone());
    rounding.apply(tensor);
    return tensor.values;
  }

  /** A vector on the heap. */
  private record HeapValues(double[] values) implements TensorValues {
    @Override
    public DataType type() {
      return DataType.FLOAT;
    }

    @Override
    public long[] shape() {
      return new long[] {values.length};
    }

    @Override
    public void get(long from, float[] to, int at, int count) {
      for (int i = 0; i < count; i++) {
        to[at + i] = (float) values[(int) from + i];
      }
    }

    @Override
    public void get(long from, double[] to, int at, int count) {
      System.arraycopy(values, (int) from, to, at, count);
    }

    @Override
    public void put(long to, float[] from, int at, int count) {
      for (int i = 0; i < count; i++) {
        values[(int) to + i] = from[at + i];
      }
    }

    @Override
    public void put(long to, double[] from, int at, int count) {
      System.arraycopy(from, at, values, (int) to, count);
    }
  }
}
