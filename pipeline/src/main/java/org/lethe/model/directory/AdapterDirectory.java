package org.lethe.model.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.lethe.compute.FlatVector;
import org.lethe.error.ModelDirectoryErrors;
import org.lethe.error.WeightFileErrors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.ParameterLayout;
import org.lethe.model.architecture.Linear;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.SafetensorsReader;
import org.lethe.tensor.SafetensorsWriter;
import org.lethe.tensor.TensorInfo;
import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;

/**
 * A LoRA adapter in the layout of PEFT: adapter_config.json and adapter_model.safetensors, with
 * factors named {@code base_model.model.model.layers.N.self_attn.q_proj.lora_A.weight}. Rejects, by
 * name, any setting with which PEFT computes something else than {@link Adapter.Lora}.
 */
public final class AdapterDirectory implements WeightSource {
  static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";

  private static final Pattern FACTOR =
      Pattern.compile("base_model\\.model\\.(.+)\\.lora_[AB]\\.weight");

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Adapter.Lora adapter;
  private final SafetensorsReader weights;

  private AdapterDirectory(Adapter.Lora adapter, SafetensorsReader weights) {
    this.adapter = adapter;
    this.weights = weights;
  }

  /** Opens an adapter. Copies a remote one into the cache first. */
  public static AdapterDirectory open(URI adapter, ModelCache cache) {
    return open(cache.localCopy(adapter));
  }

  /** Opens a local adapter. */
  public static AdapterDirectory open(Path directory) {
    Path config = directory.resolve(CONFIG);
    if (!Files.isRegularFile(config)) {
      throw ModelDirectoryErrors.noAdapter(directory);
    }
    Path file = directory.resolve(WEIGHTS);
    if (!Files.isRegularFile(file)) {
      throw WeightFileErrors.noAdapterWeights(directory, WEIGHTS);
    }
    SafetensorsReader weights = SafetensorsReader.open(file);
    return new AdapterDirectory(AdapterConfigReader.read(config, modules(weights)), weights);
  }

  /** Modules that have factors, {@code model.layers.0.self_attn.q_proj}. */
  private static Set<String> modules(SafetensorsReader weights) {
    Set<String> modules = new TreeSet<>();
    for (String name : weights.names()) {
      Matcher matcher = FACTOR.matcher(name);
      if (matcher.matches()) {
        modules.add(matcher.group(1));
      }
    }
    return modules;
  }

  /**
   * Rejects an adapter with tensors that a decoder would not use, such as factors of layers that it
   * lacks.
   *
   * @param used names of the factors that the decoder reads
   */
  public void requireNoOthers(Set<String> used) {
    List<String> others = weights.names().stream().filter(name -> !used.contains(name)).toList();
    if (!others.isEmpty()) {
      throw WeightFileErrors.unexpectedFactors(weights.path(), others);
    }
  }

  /**
   * Rank, alpha, dropout and targets. PEFT does not store the seed, so it is 0. The alpha of an
   * rsLoRA adapter is scaled, since {@link Adapter.Lora} divides by the rank.
   */
  public Adapter.Lora adapter() {
    return adapter;
  }

  @Override
  public boolean contains(String name) {
    return weights.contains(name);
  }

  @Override
  public void read(String name, TensorValues target) {
    List<Long> found = weights.info(name).shape();
    List<Long> expected = Arrays.stream(target.shape()).boxed().toList();
    if (!found.equals(expected)) {
      throw ModelDirectoryErrors.wrongAdapterShape(weights.path(), name, found, expected);
    }
    weights.read(name, target);
  }

  /**
   * Writes an adapter, in F32. The directory appears complete or not at all.
   *
   * @param baseModel the model that PEFT loads below it: a path or a name on the Hub
   * @param decoder decoder with LoRA factors
   */
  public static void write(URI target, Configuration hadoop, String baseModel, Decoder decoder) {
    ParameterLayout layout = decoder.layout();
    FlatVector parameters = decoder.parameters();
    OutputDirectory.write(
        target,
        hadoop,
        directory -> {
          writeConfig(directory.resolve(CONFIG), baseModel, decoder);
          List<TensorInfo> tensors =
              layout.entries().stream()
                  .map(entry -> TensorInfo.of(entry.name(), Dtype.F32, entry.shape()))
                  .toList();
          try (SafetensorsWriter writer =
              SafetensorsWriter.create(
                  directory.resolve(WEIGHTS), tensors, Map.of("format", "pt"))) {
            layout
                .entries()
                .forEach(entry -> writer.write(entry.name(), layout.view(parameters, entry)));
            writer.commit();
          }
        });
  }

  /** Whether the model's weights are [in, out], which PEFT wants to know of Conv1D modules. */
  private static boolean hasInputsFirst(Decoder decoder) {
    return decoder.architecture().blocks().get(0).linears().stream()
        .anyMatch(map -> map.order() == Linear.Order.INPUTS_FIRST);
  }

  private static void writeConfig(Path file, String baseModel, Decoder decoder) {
    Adapter.Lora adapter = (Adapter.Lora) decoder.adapter();
    ObjectNode json = JSON.createObjectNode();
    json.put("peft_type", "LORA").put("task_type", "CAUSAL_LM");
    json.put("base_model_name_or_path", baseModel);
    json.put("r", adapter.rank());
    // PEFT declares an integer but accepts any number.
    if (adapter.alpha() == Math.rint(adapter.alpha())) {
      json.put("lora_alpha", (long) adapter.alpha());
    } else {
      json.put("lora_alpha", adapter.alpha());
    }
    json.put("lora_dropout", adapter.dropout());
    ArrayNode targets = json.putArray("target_modules");
    adapter.targetsOf(decoder.layout()).forEach(targets::add);
    json.put("bias", "none").put("fan_in_fan_out", hasInputsFirst(decoder));
    json.put("inference_mode", true);
    json.put("use_dora", false).put("use_rslora", false).put("init_lora_weights", true);
    json.putNull("modules_to_save").putNull("layers_to_transform");
    try {
      Files.write(file, JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw ModelDirectoryErrors.cannotWrite(file, e);
    }
  }
}
