package org.lethe.compute.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lethe.compute.heap.HeapNumbers.values;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lethe.compute.BfloatMachine;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;

final class RoundedFactorsTest {
  private final HeapBackend backend = BfloatMachine.backend();
  private final HeapNumbers data = new HeapNumbers(backend, 5);

  /** A held factor is rounded once, whole, and products of its parts have the bits of others. */
  @Test
  void heldFactorsGiveTheSameBitsAsOthers() {
    float[] gradients = data.numbers(90 * 300);
    Matrix whole = data.matrix(90, 300, gradients);
    Matrix part = whole.columns(100, 130);
    Matrix weights = data.matrix(130, 70, data.numbers(130 * 70));
    Matrix inputs = data.matrix(90, 70, data.numbers(90 * 70));
    Matrix beside = data.matrix(90, 300, data.numbers(90 * 300)).columns(100, 130);
    Compute compute = backend.compute(2);
    List<float[]> expected = productsOf(compute, part, beside, weights, inputs);
    try (Compute.Hold held = compute.holdFactor(whole)) {
      List<float[]> found = productsOf(compute, part, beside, weights, inputs);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i)).as("product %d", i).isEqualTo(expected.get(i));
      }
      assertThatThrownBy(() -> compute.holdFactor(inputs))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("A factor is held already");
    }
    ((HeapMatrix) whole).upload(data.numbers(90 * 300));
    assertThat(productsOf(compute, part, beside, weights, inputs).get(0))
        .isNotEqualTo(expected.get(0));
  }

  /**
   * As the backward pass of a linear map, as its weight gradient if inputs are first, and others.
   */
  private List<float[]> productsOf(
      Compute compute, Matrix part, Matrix beside, Matrix weights, Matrix inputs) {
    Matrix dX = data.matrix(90, 70, new float[90 * 70]);
    Matrix other = data.matrix(90, 70, new float[90 * 70]);
    Matrix outputsFirst = data.matrix(130, 70, new float[130 * 70]);
    Matrix inputsFirst = data.matrix(70, 130, new float[70 * 130]);
    compute.multiply(Form.AS_IS, part, Form.AS_IS, weights, 1, 0, dX);
    compute.multiply(Form.AS_IS, beside, Form.AS_IS, weights, 1, 0, other);
    compute.multiply(Form.TRANSPOSED, part, Form.AS_IS, inputs, 1, 0, outputsFirst);
    compute.multiply(Form.TRANSPOSED, inputs, Form.AS_IS, part, 1, 0, inputsFirst);
    return List.of(values(dX), values(other), values(outputsFirst), values(inputsFirst));
  }
}
