package org.lethe.model.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.lethe.error.WeightFileErrors;
import org.lethe.tensor.SafetensorsReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the weights of a model directory as transformers 5 does: the file that {@code
 * transformers_weights} of config.json names, else {@code model.safetensors}, else {@code
 * model.safetensors.index.json}. Rejects, by name, what transformers would load in another format
 * or not load at all.
 */
final class WeightFiles {
  private static final Logger LOG = LoggerFactory.getLogger(WeightFiles.class);
  private static final String NAMED = "transformers_weights";
  private static final List<String> OTHER_FORMATS =
      List.of(".safetensors", ".bin", ".pt", ".pth", ".gguf", ".ggml", ".h5", ".msgpack", ".onnx");

  private WeightFiles() {}

  /** Opens the weights of a directory with this config.json. */
  static SafetensorsReader open(Path directory, JsonNode config) {
    if (config.hasNonNull(NAMED)) {
      return named(directory, config.get(NAMED).asText());
    }
    Path single = directory.resolve(SafetensorsReader.SINGLE_FILE);
    Path index = directory.resolve(SafetensorsReader.INDEX_FILE);
    if (Files.isRegularFile(single)) {
      if (Files.isRegularFile(index)) {
        LOG.warn("Reading {}, as transformers does, and ignoring {} beside it", single, index);
      }
      return SafetensorsReader.open(single);
    }
    if (Files.isRegularFile(index)) {
      return SafetensorsReader.open(index);
    }
    throw WeightFileErrors.noWeights(directory, otherWeights(directory));
  }

  private static SafetensorsReader named(Path directory, String name) {
    boolean plain = name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors(\\.index\\.json)?");
    if (!plain || !Files.isRegularFile(directory.resolve(name))) {
      throw WeightFileErrors.badName(directory, NAMED, name);
    }
    return SafetensorsReader.open(directory.resolve(name));
  }

  /** Names of files that look like weights but are not read from here. */
  private static List<String> otherWeights(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> OTHER_FORMATS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw WeightFileErrors.noWeights(directory, List.of());
    }
  }
}
