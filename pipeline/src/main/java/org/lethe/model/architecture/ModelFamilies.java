package org.lethe.model.architecture;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The supported families. A new family is added here. */
public final class ModelFamilies {
  private static final List<ModelFamily> ALL = List.of(new Llama(), new Mistral(), new Qwen2());

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
