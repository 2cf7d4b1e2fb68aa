package org.lethe.objective;

import java.util.Optional;
import org.lethe.model.Decoder;

/**
 * Inputs of a forget loss other than the batch. An unused input may be absent.
 *
 * @param reference the initial model's losses of the forget completions
 * @param initial the initial model
 * @param alternatives alternative answers to the same prompts
 * @param alternativeReference the initial model's losses of these, by the id of the forget example
 */
public record LossInputs(
    ReferenceLosses reference,
    Optional<Decoder> initial,
    Alternatives alternatives,
    ReferenceLosses alternativeReference) {
  /** For losses without further inputs. */
  public static final LossInputs NONE = of(ReferenceLosses.NONE, Optional.empty());

  /** Returns inputs without alternatives. */
  public static LossInputs of(ReferenceLosses reference, Optional<Decoder> initial) {
    return new LossInputs(reference, initial, Alternatives.NONE, ReferenceLosses.NONE);
  }

  Decoder requiredInitial() {
    return initial.orElseThrow(
        () -> new IllegalArgumentException("Invalid initial model: none was given"));
  }
}
