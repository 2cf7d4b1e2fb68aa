package org.lethe.error;

import java.util.List;

/** What can be wrong with what a decoder is given or makes. */
public final class ModelErrors {
  private ModelErrors() {}

  /** A token id outside the vocabulary. */
  public static LetheException tokenOutsideVocabulary(int token, int vocabularySize) {
    return new LetheException(
        ExitClass.INPUT,
        "Invalid token id: "
            + token
            + ", expected 0 to "
            + (vocabularySize - 1)
            + ", the model's vocabulary; the tokenizer does not belong to this model");
  }

  /** A sequence longer than the model's positions. */
  public static LetheException sequenceTooLong(int length, int maxPositions) {
    return new LetheException(
        ExitClass.INPUT,
        "Invalid sequence length: "
            + length
            + " tokens, expected at most "
            + maxPositions
            + " (max_position_embeddings); lower shard.max-length or the number of new tokens");
  }

  /** A loss that is NaN or infinite. */
  public static LetheException lossNotFinite(String rowId, double loss) {
    return new LetheException(
        ExitClass.DIVERGED,
        "Invalid loss: "
            + loss
            + " at row "
            + rowId
            + ", expected a finite number; the weights have diverged, lower the learning rate");
  }

  /** A pattern of trained tensors that matches none. */
  public static LetheException noSuchTensor(String pattern, List<String> nearest) {
    return new LetheException(
        ExitClass.USAGE,
        "Invalid lethe.model.train: '"
            + pattern
            + "' matches no tensor of the model; the nearest are "
            + String.join(", ", nearest));
  }

  /** A layer that the model does not have. */
  public static LetheException noSuchLayer(int layer, int layers) {
    return new LetheException(
        ExitClass.USAGE,
        "Invalid layer: "
            + layer
            + ", expected 0 to "
            + (layers - 1)
            + ", the model's layers; correct lethe.unlearn.rmu.layer");
  }

  /** A loss of activations on which no trained weight has an influence. */
  public static LetheException nothingTrained(int layer) {
    return new LetheException(
        ExitClass.USAGE,
        "Invalid lethe.model.train: nothing is trained in layers 0 to "
            + layer
            + ", but the loss looks at the output of layer "
            + layer
            + "; choose tensors of these layers");
  }

  /** The largest logit of a prompt is NaN or infinite. */
  public static LetheException logitNotFinite(String promptId, double logit) {
    return new LetheException(
        ExitClass.DIVERGED,
        "Invalid logit: "
            + logit
            + " at prompt "
            + promptId
            + ", expected a finite number; the weights have diverged, lower the learning rate");
  }

  /** A configuration that no decoder can be built from. */
  public static LetheException badConfiguration(String what, Object found, String expected) {
    return new LetheException(
        ExitClass.INPUT,
        "Invalid " + what + ": " + found + ", expected " + expected + " in config.json");
  }

  /** A module to be subtracted that is zero. */
  public static LetheException moduleWithoutEffect(String module) {
    return new LetheException(
        ExitClass.NO_EFFECT,
        "Module without effect: its product B A at "
            + module
            + " is zero, expected trained factors; train it for more rounds or at a higher learning"
            + " rate, or name the right adapter directory");
  }
}
