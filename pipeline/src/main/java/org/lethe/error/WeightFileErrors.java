package org.lethe.error;

import java.util.List;

/** Failures of a model directory that does not say unambiguously which weights are the model's. */
public final class WeightFileErrors {
  private WeightFileErrors() {}

  /**
   * No weights in a format that Lethe reads.
   *
   * @param others weight files in other formats or under other names
   */
  public static LetheException noWeights(Object directory, List<String> others) {
    if (others.isEmpty()) {
      return SafetensorsErrors.notFound(directory);
    }
    return ExitClass.INPUT.failure(
        "No weights at %s: expected model.safetensors or model.safetensors.index.json, found only"
            + " %s; load the model in transformers and save it with save_pretrained, which writes"
            + " safetensors",
        directory, ErrorText.listed(others));
  }

  public static LetheException badName(Object directory, String key, String name) {
    return ExitClass.INPUT.failure(
        "Invalid %s in config.json: %s, expected the name of a .safetensors file or index in %s",
        key, ErrorText.quoted(name), directory);
  }

  public static LetheException conflictingHead(Object weights, String head, String embedding) {
    return ExitClass.INPUT.failure(
        "Conflicting head in %s: tie_word_embeddings of config.json is true, but %s differs from"
            + " %s; transformers 5 uses both tensors and earlier versions drop the head. Set"
            + " tie_word_embeddings to false to keep the head, or delete it from the weights",
        weights, head, embedding);
  }

  public static LetheException noAdapterWeights(Object directory, String file) {
    return ExitClass.INPUT.failure(
        "No %s in %s: expected a LoRA adapter in the PEFT layout; load an adapter_model.bin in PEFT"
            + " and save it with save_pretrained, which writes safetensors",
        file, directory);
  }

  public static LetheException unexpectedFactors(Object weights, List<String> names) {
    return ExitClass.INPUT.failure(
        "Unexpected tensors in %s: %s; the adapter belongs to another model, or dropping them would"
            + " change it",
        weights, ErrorText.listed(names));
  }

  /** A model directory that also holds an adapter, which transformers would load with it. */
  public static LetheException adapterBeside(Object directory, String file) {
    return ExitClass.INPUT.failure(
        "Ambiguous model directory %s: it holds both a model and %s, and transformers would load"
            + " the adapter with its base model; move the adapter to a directory of its own and set"
            + " lethe.model.adapter-path to it, or delete %s",
        directory, file, file);
  }

  /** An adapter directory where a model is expected. */
  public static LetheException adapterOnly(Object directory, String base) {
    return ExitClass.INPUT.failure(
        "No config.json in %s: it is a PEFT adapter, not a model; set lethe.model.path to its base"
            + " model (%s) and lethe.model.adapter-path to this directory",
        directory, base);
  }
}
