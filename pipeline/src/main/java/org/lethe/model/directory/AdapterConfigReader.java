package org.lethe.model.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lethe.error.ModelDirectoryErrors;
import org.lethe.model.Adapter;

/**
 * Reads an adapter_config.json of PEFT. A setting is accepted only if it is known to leave plain
 * LoRA unchanged; every other setting, also one of a later PEFT, is rejected by name.
 */
final class AdapterConfigReader {
  private static final String LAYERS = "layers_to_transform";
  private static final String EXCLUDED = "exclude_modules";

  /** Settings that are read, or that describe the adapter without changing what it computes. */
  private static final Set<String> READ =
      Set.of(
          "peft_type",
          "r",
          "lora_alpha",
          "lora_dropout",
          "use_rslora",
          "target_modules",
          "bias",
          "init_lora_weights",
          "base_model_name_or_path",
          "task_type",
          "inference_mode",
          "revision",
          "peft_version",
          "auto_mapping",
          // Factors of transposed weights have the same shapes; only PEFT's own merging needs it.
          "fan_in_fan_out",
          // Defaults of features that other settings switch on.
          "qalora_group_size",
          "megatron_core",
          "runtime_config",
          "ensure_weight_tying",
          // The factors in the weights show which modules these select.
          LAYERS,
          "layers_pattern",
          EXCLUDED);

  /** Ways to initialise factors that leave the base model as it is. */
  private static final Set<String> PLAIN_INITIALISATION = Set.of("true", "false", "gaussian");

  private final Path file;
  private final JsonNode json;
  private final Set<String> modules;
  private final List<String> problems = new ArrayList<>();

  private AdapterConfigReader(Path file, Set<String> modules) {
    this.file = file;
    this.modules = modules;
    json = DecoderConfigReader.parse(file);
  }

  /**
   * Reads an adapter.
   *
   * @param file adapter_config.json
   * @param modules modules that have factors in the weights, under their names in the model
   * @throws org.lethe.error.LetheException INPUT that lists all settings that are not supported
   */
  static Adapter.Lora read(Path file, Set<String> modules) {
    return new AdapterConfigReader(file, modules).read();
  }

  private Adapter.Lora read() {
    if (!json.path("peft_type").asText().equals("LORA")) {
      problems.add("peft_type is " + json.path("peft_type") + ", expected LORA");
    }
    if (!json.path("bias").asText("none").equals("none")) {
      problems.add("bias is " + json.path("bias") + ", expected none");
    }
    String initial = json.path("init_lora_weights").asText("true");
    if (!PLAIN_INITIALISATION.contains(initial)) {
      problems.add(
          "init_lora_weights is "
              + json.path("init_lora_weights")
              + ", which changes the base model");
    }
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!READ.contains(field.getKey()) && !isOff(field.getValue())) {
        problems.add(field.getKey() + " is " + field.getValue());
      }
    }
    Set<String> targets = targets();
    int rank = json.path("r").asInt();
    double alpha = json.path("lora_alpha").asDouble();
    double dropout = json.path("lora_dropout").asDouble(0);
    if (rank < 1 || !(alpha > 0) || !(dropout >= 0 && dropout < 1)) {
      problems.add("r, lora_alpha or lora_dropout is missing or impossible");
    }
    if (!problems.isEmpty()) {
      throw ModelDirectoryErrors.unsupportedAdapter(file, problems);
    }
    // rsLoRA (arXiv 2312.03732) scales by alpha / sqrt(r) instead of alpha / r.
    double scaled = json.path("use_rslora").asBoolean() ? alpha * Math.sqrt(rank) : alpha;
    return new Adapter.Lora(rank, scaled, dropout, targets, 0);
  }

  /** Absent, null, false, 0, or empty. */
  private static boolean isOff(JsonNode value) {
    return value.isNull()
        || value.isMissingNode()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isBoolean() && !value.booleanValue())
        || (value.isNumber() && value.doubleValue() == 0)
        || (value.isTextual() && value.textValue().isEmpty());
  }

  /**
   * The modules with factors. A plain list of names is kept as it is; for patterns and choices of
   * layers, the factors in the weights show what they selected.
   */
  private Set<String> targets() {
    JsonNode node = json.path("target_modules");
    if (!node.isTextual() && (!node.isArray() || node.isEmpty())) {
      problems.add("target_modules is neither a list of names nor a pattern");
    }
    if (modules.isEmpty()) {
      problems.add("its weights hold no LoRA factors");
      return Set.of(Adapter.Lora.ALL_LINEAR);
    }
    if (node.isTextual() || !isOff(json.path(LAYERS)) || !isOff(json.path(EXCLUDED))) {
      return modules;
    }
    Set<String> names = new LinkedHashSet<>();
    node.forEach(name -> names.add(name.asText()));
    names.removeIf(name -> modules.stream().noneMatch(module -> matches(name, module)));
    return names.isEmpty() ? modules : names;
  }

  private static boolean matches(String name, String module) {
    return module.equals(name) || module.endsWith("." + name);
  }
}
