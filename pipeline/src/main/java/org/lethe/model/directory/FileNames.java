package org.lethe.model.directory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.tensor.SafetensorsReader;

/**
 * Names of a model's tensors in its files. Some files omit the name of the base model, as that of
 * GPT-2 on the Hub does, and transformers 4 named GPT-NeoX's head embed_out.
 */
final class FileNames {
  private static final Map<String, String> OTHER_NAMES =
      Map.of("lm_head.weight", "embed_out.weight");

  /**
   * Ends of names of buffers that old versions of transformers saved, and that all versions
   * compute: rotary tables and causal masks.
   */
  private static final List<String> BUFFERS =
      List.of(
          ".rotary_emb.inv_freq",
          ".attn.bias",
          ".attn.masked_bias",
          ".attention.bias",
          ".attention.masked_bias");

  private final Map<String, String> names = new LinkedHashMap<>();

  /** Finds the names in the given files. A tensor that they lack keeps its own. */
  FileNames(Architecture architecture, SafetensorsReader weights) {
    for (TensorSpec tensor : architecture.tensors()) {
      String name = tensor.name();
      names.put(name, inFile(name, architecture.prefix(), weights));
    }
  }

  private static String inFile(String name, String prefix, SafetensorsReader weights) {
    String other =
        name.startsWith(prefix)
            ? name.substring(prefix.length())
            : OTHER_NAMES.getOrDefault(name, name);
    return !weights.contains(name) && weights.contains(other) ? other : name;
  }

  /** Name in the files of a tensor of the model. */
  String inFile(String name) {
    return names.getOrDefault(name, name);
  }

  /** Whether the model has a tensor of that name. */
  boolean contains(String name) {
    return names.containsKey(name);
  }

  /** Names in the files of all tensors of the model. */
  List<String> all() {
    return List.copyOf(names.values());
  }

  /** Whether a tensor that the model lacks is a buffer that can be ignored. */
  static boolean isBuffer(String name) {
    return BUFFERS.stream().anyMatch(end -> ("." + name).endsWith(end));
  }
}
