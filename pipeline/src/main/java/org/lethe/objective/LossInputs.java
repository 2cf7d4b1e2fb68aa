package org.lethe.objective;

import java.util.Optional;
import org.lethe.compute.FlatVector;
import org.lethe.model.Decoder;

/**
 * Inputs of a forget loss other than the batch. An unused input may be absent.
 *
 * @param reference the initial model's losses of the forget completions
 * @param initial the initial model
 * @param alternatives alternative answers to the same prompts
 * @param alternativeReference the initial model's losses of these, by the id of the forget example
 * @param scorer state of learned token weights; changes in place
 */
public record LossInputs(
    ReferenceLosses reference,
    Optional<Decoder> initial,
    Alternatives alternatives,
    ReferenceLosses alternativeReference,
    Optional<FlatVector> scorer) {
  /** For losses without further inputs. */
  public static final LossInputs NONE = of(ReferenceLosses.NONE, Optional.empty());

  /** Inputs without learned token weights. */
  public LossInputs(
      ReferenceLosses reference,
      Optional<Decoder> initial,
      Alternatives alternatives,
      ReferenceLosses alternativeReference) {
    this(reference, initial, alternatives, alternativeReference, Optional.empty());
  }

  /** Returns the same inputs with the state of learned token weights. */
  public LossInputs with(FlatVector state) {
    return new LossInputs(
        reference, initial, alternatives, alternativeReference, Optional.of(state));
  }

  /** Returns inputs without alternatives. */
  public static LossInputs of(ReferenceLosses reference, Optional<Decoder> initial) {
    return new LossInputs(reference, initial, Alternatives.NONE, ReferenceLosses.NONE);
  }

  Decoder requiredInitial() {
    return initial.orElseThrow(
        () -> new IllegalArgumentException("Invalid initial model: none was given"));
  }
}
