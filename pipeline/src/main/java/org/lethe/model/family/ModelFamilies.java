package org.lethe.model.family;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The supported families. A new family is added here. */
public final class ModelFamilies {
  private static final List<ModelFamily> ALL =
      List.of(
          new Llama(),
          new Mistral(),
          new Qwen2(),
          new Qwen3(),
          new Gemma(),
          new Gemma2(),
          new Gemma3Text(),
          new Phi(),
          new Phi3(),
          new Gpt2(),
          new GptNeo(),
          new GptNeoX(),
          new Olmo(),
          new Olmo2(),
          new SmolLm3(),
          new StableLm());

  private ModelFamilies() {}

  /** The family of a {@code model_type}, if it is supported. */
  public static Optional<ModelFamily> find(String modelType) {
    return ALL.stream().filter(family -> family.modelType().equals(modelType)).findFirst();
  }

  /** All supported values of {@code model_type}, for messages. */
  public static String modelTypes() {
    return ALL.stream().map(ModelFamily::modelType).collect(Collectors.joining(", "));
  }
}
