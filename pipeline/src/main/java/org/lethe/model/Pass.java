package org.lethe.model;

import java.util.Optional;
import org.lethe.compute.Compute;
import org.lethe.model.Buffers.PassKind;

/**
 * State that layers share in a forward pass and its backward pass.
 *
 * @param adapter whether LoRA factors take part
 * @param noise noise of the dropout masks in a training pass; empty in evaluation
 */
record Pass(
    Compute compute,
    Buffers buffers,
    Rows rows,
    PassKind kind,
    AdapterUse adapter,
    Optional<Noise> noise) {
  /** Whether LoRA factors take part. */
  enum AdapterUse {
    ON,
    OFF
  }

  /** N. */
  int count() {
    return rows.count();
  }
}
