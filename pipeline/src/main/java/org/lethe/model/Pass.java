package org.lethe.model;

import java.util.Optional;
import org.lethe.compute.Compute;
import org.lethe.model.Buffers.PassKind;

/**
 * What one forward (and backward) pass shares between layers.
 *
 * @param adapter whether LoRA factors take part
 * @param noise names the dropout masks of a training pass; empty in evaluation
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
