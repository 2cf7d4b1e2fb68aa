package org.lethe.error;

import java.util.List;
import java.util.Set;

/** Failures of a decoder: its configuration, its inputs, and its losses and logits. */
public final class ModelErrors {
  private static final String DIVERGED =
      ", expected a finite number; the weights have diverged, lower the learning rate";

  private ModelErrors() {}

  public static LetheException tokenOutsideVocabulary(int token, int vocabularySize) {
    return ExitClass.INPUT.failure(
        "Invalid token id: %d, expected 0 to %d, the model's vocabulary; the tokenizer belongs to"
            + " another model",
        token, vocabularySize - 1);
  }

  public static LetheException sequenceTooLong(int length, int maxPositions) {
    return ExitClass.INPUT.failure(
        "Invalid sequence length: %d tokens, expected at most %d (max_position_embeddings); lower"
            + " lethe.shard.max-length or the number of new tokens",
        length, maxPositions);
  }

  public static LetheException lossNotFinite(String rowId, double loss) {
    return ExitClass.DIVERGED.failure("Invalid loss: %s at row %s" + DIVERGED, loss, rowId);
  }

  /** A pattern in lethe.model.train that matches no tensor. */
  public static LetheException noSuchTensor(String pattern, List<String> nearest) {
    return ExitClass.USAGE.failure(
        "Invalid lethe.model.train: '%s' matches no tensor of the model; the nearest are %s",
        pattern, String.join(", ", nearest));
  }

  /** A name in lethe.model.lora.targets, or in target_modules of an adapter, without a module. */
  public static LetheException noSuchTarget(String target, Set<String> names) {
    return ExitClass.USAGE.failure(
        "Invalid LoRA target: '%s' is no linear map in a block of the model; expected all-linear or"
            + " some of %s",
        target, String.join(", ", names));
  }

  public static LetheException noSuchLayer(int layer, int layers) {
    return ExitClass.USAGE.failure(
        "Invalid layer: %d, expected 0 to %d, the model's layers; correct lethe.unlearn.rmu.layer",
        layer, layers - 1);
  }

  /** A loss on the output of a layer, with no trained weight at or below that layer. */
  public static LetheException nothingTrained(int layer) {
    return ExitClass.USAGE.failure(
        "Invalid lethe.model.train: layers 0 to %1$d have no trained tensor, but the loss uses the"
            + " output of layer %1$d; choose tensors of these layers",
        layer);
  }

  /** A gradient point that gives weights factors of its own, with trained factors. */
  public static LetheException selectionNeedsWeights() {
    return ExitClass.USAGE.failure(
        "Invalid lethe.unlearn.forget-gradient.at: selected, expected another point with"
            + " lethe.model.adapter = lora; selected trains factors of its own, so choose weights"
            + " by lethe.model.train");
  }

  /** The largest logit of a prompt is NaN or infinite. */
  public static LetheException logitNotFinite(String promptId, double logit) {
    return ExitClass.DIVERGED.failure("Invalid logit: %s at prompt %s" + DIVERGED, logit, promptId);
  }

  /** A module to subtract whose product B A is zero. */
  public static LetheException moduleWithoutEffect(String module) {
    return ExitClass.NO_EFFECT.failure(
        "Module without effect: its product B A at %s is zero, expected trained factors; train it"
            + " for more rounds or at a higher learning rate, or name the right adapter directory",
        module);
  }
}
