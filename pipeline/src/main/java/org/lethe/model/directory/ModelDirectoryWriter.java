package org.lethe.model.directory;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.lethe.error.ModelDirectoryErrors;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.Projection;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.SafetensorsWriter;
import org.lethe.tensor.TensorInfo;
import org.lethe.tensor.TensorValues;
import org.lethe.text.TrainedTokenizer;

/**
 * Writes models in the Hugging Face layout, for Lethe and other programs. A directory appears
 * complete or not at all.
 */
public final class ModelDirectoryWriter {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Configuration hadoop;
  private final long fileLimit;

  /** Starts another weight file after 5 GB, as the Hub does. */
  public ModelDirectoryWriter(Configuration hadoop) {
    this(hadoop, SafetensorsWriter.FILE_LIMIT);
  }

  /**
   * @param hadoop configuration of the file systems
   * @param fileLimit most bytes of one weight file
   */
  public ModelDirectoryWriter(Configuration hadoop, long fileLimit) {
    this.hadoop = hadoop;
    this.fileLimit = fileLimit;
  }

  /** Passes every weight to a consumer under its Hugging Face name, as Decoder does. */
  @FunctionalInterface
  public interface Weights {
    void forEachTensor(BiConsumer<String, TensorValues> consumer);
  }

  /**
   * Writes a changed model. Copies configuration, tokenizer and licence of the original byte for
   * byte, and keeps its dtypes for the weights.
   *
   * @param weights for example {@code decoder::forEachTensor}
   */
  public void write(URI target, ModelDirectory original, Weights weights) {
    OutputDirectory.write(
        target,
        hadoop,
        directory -> {
          for (Path file : original.companions()) {
            copy(file, directory.resolve(file.getFileName()));
          }
          writeWeights(
              directory,
              original.tensors(),
              writer ->
                  weights.forEachTensor(
                      (name, values) -> writer.accept(original.fileName(name), values)));
        });
  }

  /** Writes a new Llama model with its own tokenizer. */
  public void writeNew(
      URI target, LlamaConfig config, Dtype dtype, TrainedTokenizer tokenizer, Weights weights) {
    OutputDirectory.write(
        target,
        hadoop,
        directory -> {
          writeJson(directory.resolve("config.json"), configJson(config, dtype, tokenizer));
          ObjectNode generation = JSON.createObjectNode();
          generation.put("bos_token_id", TrainedTokenizer.BEGIN_TOKEN);
          generation.put("eos_token_id", TrainedTokenizer.END_TOKEN);
          writeJson(directory.resolve("generation_config.json"), generation);
          tokenizer.writeTo(directory);
          List<TensorInfo> tensors = new ArrayList<>();
          config
              .architecture()
              .tensors()
              .forEach(t -> tensors.add(new TensorInfo(t.name(), dtype, t.extents())));
          writeWeights(directory, tensors, weights);
        });
  }

  private void writeWeights(Path directory, List<TensorInfo> tensors, Weights weights) {
    Map<String, TensorInfo> announced =
        tensors.stream().collect(Collectors.toMap(TensorInfo::name, info -> info));
    try (SafetensorsWriter writer = SafetensorsWriter.createModel(directory, tensors, fileLimit)) {
      weights.forEachTensor(
          (name, values) -> {
            if (announced.containsKey(name) && !announced.get(name).shape().equals(shape(values))) {
              throw new IllegalArgumentException(
                  "Invalid shape: "
                      + shape(values)
                      + " of "
                      + name
                      + ", expected "
                      + announced.get(name).shape());
            }
            writer.write(name, values);
          });
      writer.commit();
    }
  }

  private static List<Long> shape(TensorValues tensor) {
    return Arrays.stream(tensor.shape()).boxed().toList();
  }

  private static ObjectNode configJson(
      LlamaConfig config, Dtype dtype, TrainedTokenizer tokenizer) {
    if (tokenizer.vocabularySize() > config.vocabularySize()) {
      throw ModelDirectoryErrors.vocabularyDoesNotFit(
          "the new model", tokenizer.vocabularySize(), config.vocabularySize());
    }
    ObjectNode json = JSON.createObjectNode();
    json.putArray("architectures").add("LlamaForCausalLM");
    json.put("model_type", "llama");
    json.put("hidden_size", config.hiddenSize());
    json.put("intermediate_size", config.intermediateSize());
    json.put("num_hidden_layers", config.layers());
    json.put("num_attention_heads", config.heads());
    json.put("num_key_value_heads", config.keyValueHeads());
    json.put("head_dim", config.headSize());
    json.put("vocab_size", config.vocabularySize());
    json.put("max_position_embeddings", config.maxPositions());
    json.put("rms_norm_eps", config.normEpsilon());
    json.put("rope_theta", config.ropeTheta());
    config
        .ropeScaling()
        .ifPresent(
            scaling ->
                json.putObject("rope_scaling")
                    .put("rope_type", "llama3")
                    .put("factor", scaling.factor())
                    .put("low_freq_factor", scaling.lowFrequencyFactor())
                    .put("high_freq_factor", scaling.highFrequencyFactor())
                    .put("original_max_position_embeddings", scaling.originalMaxPositions()));
    json.put("hidden_act", "silu");
    json.put("tie_word_embeddings", config.tiedHead());
    json.put("attention_bias", hasBiases(config, Projection.ATTENTION));
    json.put("mlp_bias", hasBiases(config, Projection.FEED_FORWARD));
    json.put("bos_token_id", TrainedTokenizer.BEGIN_TOKEN);
    json.put("eos_token_id", TrainedTokenizer.END_TOKEN);
    json.put("torch_dtype", dtype.torchName());
    return json;
  }

  /** Whether all of these projections have biases; Llama's configuration cannot express some. */
  private static boolean hasBiases(LlamaConfig config, Set<Projection> projections) {
    boolean all = config.biases().containsAll(projections);
    if (!all && !Collections.disjoint(config.biases(), projections)) {
      throw new IllegalArgumentException(
          "Invalid biases: " + config.biases() + ", expected all or none of " + projections);
    }
    return all;
  }

  private static void writeJson(Path file, ObjectNode json) {
    try {
      Files.write(file, JSON.writeValueAsBytes(json));
    } catch (IOException e) {
      throw ModelDirectoryErrors.cannotWrite(file, e);
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw ModelDirectoryErrors.cannotWrite(to, e);
    }
  }
}
