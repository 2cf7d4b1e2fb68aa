package org.lethe.model.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lethe.tensor.Dtype;

/** The dtype that config.json states beside the dtypes in which the weights are stored. */
final class StoredDtypes {
  /** transformers 5 reads the first and knows the second from older versions. */
  private static final List<String> KEYS = List.of("dtype", "torch_dtype");

  private StoredDtypes() {}

  /**
   * Describes weights that transformers 5 converts when it loads the model, since config.json
   * states another dtype.
   *
   * @param config content of config.json
   * @param stored dtypes of the weights
   */
  static Optional<String> conversion(JsonNode config, Stream<Dtype> stored) {
    Optional<Dtype> stated =
        KEYS.stream()
            .filter(config::hasNonNull)
            .findFirst()
            .flatMap(key -> Dtype.ofTorchName(config.get(key).asText()));
    Set<String> others =
        stored
            .filter(dtype -> stated.isPresent() && dtype != stated.get())
            .map(Dtype::torchName)
            .collect(Collectors.toUnmodifiableSet());
    return others.stream()
        .sorted()
        .reduce((a, b) -> a + " and " + b)
        .map(
            names ->
                "Weights are "
                    + names
                    + ", but config.json states "
                    + stated.orElseThrow().torchName()
                    + ": transformers 5 converts them when it loads the model, while Lethe computes"
                    + " with the weights as they are stored, and keeps their dtype");
  }
}
