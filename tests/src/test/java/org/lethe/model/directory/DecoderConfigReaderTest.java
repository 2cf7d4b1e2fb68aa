package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.LetheException;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.model.architecture.Projection;
import org.lethe.model.architecture.RotaryPositions;

final class DecoderConfigReaderTest {
  private static final String TYPES =
      "llama, mistral, qwen2, qwen3, gemma, gemma2, gemma3_text, phi, phi3, gpt2, gpt_neo,"
          + " gpt_neox, olmo, olmo2, smollm3, stablelm";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASE =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64,
       "intermediate_size": 172, "num_hidden_layers": 5, "num_attention_heads": 8,
       "num_key_value_heads": 4, "vocab_size": 512, "max_position_embeddings": 512,
       "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "hidden_act": "silu",
       "tie_word_embeddings": true, "torch_dtype": "float32"}
      """;

  @TempDir private Path directory;

  private Architecture read(String json) throws IOException {
    return DecoderConfigReader.read(Files.writeString(directory.resolve("config.json"), json));
  }

  /** The base configuration with changed keys; null removes a key. */
  private static String with(String changes) throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(BASE);
    root.setAll((ObjectNode) JSON.readTree(changes));
    root.properties().stream()
        .filter(e -> e.getValue().isNull())
        .map(Map.Entry::getKey)
        .toList()
        .forEach(root::remove);
    return root.toString();
  }

  private static RotaryPositions positions(Architecture architecture) {
    return architecture.blocks().get(0).attention().positions().orElseThrow();
  }

  @Test
  void aLlamaConfigurationIsRead() throws IOException {
    assertThat(read(BASE))
        .isEqualTo(
            new LlamaConfig(
                    64, 172, 5, 8, 4, 8, 512, 512, 1e-5, 10_000, Optional.empty(), true, Set.of())
                .architecture());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rope_theta\":10000.0,\"rope_parameters\":{\"rope_theta\":500.0}} | 500",
        "{\"rope_theta\":700.0,\"rope_parameters\":{\"rope_type\":\"default\"}} | 700",
        "{\"rope_theta\":null,\"rope_scaling\":{\"rope_theta\":300.0},"
            + "\"rope_parameters\":{\"rope_theta\":500.0}} | 300",
        "{\"rope_theta\":700.0,\"rope_scaling\":{},\"rope_parameters\":{\"rope_theta\":500.0}} |"
            + " 500"
      })
  void conflictingRotaryKeysFollowTransformers5(String changes, double theta) throws IOException {
    assertThat(positions(read(with(changes))).theta()).isEqualTo(theta);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"sliding_window\":256} | 256",
        "{\"sliding_window\":512} | 0",
        "{\"sliding_window\":null} | 0",
        "{\"max_position_embeddings\":8192} | 4096"
      })
  void mistralHasAWindowThatIsShorterThanItsContext(String changes, int window) throws IOException {
    String mistral = "{\"model_type\":\"mistral\",\"architectures\":null," + changes.substring(1);
    assertThat(read(with(mistral)).blocks().get(0).attention().heads().scores().window())
        .isEqualTo(window > 0 ? OptionalInt.of(window) : OptionalInt.empty());
  }

  @Test
  void missingKeysHaveTheDefaultsOfTransformers() throws IOException {
    Architecture config =
        read(
            with(
                "{\"num_key_value_heads\":null,\"rope_theta\":null,\"tie_word_embeddings\":null,"
                    + "\"hidden_act\":null,\"torch_dtype\":null,\"architectures\":null}"));
    assertThat(config.blocks().get(0).attention().heads().keyValue()).isEqualTo(8);
    assertThat(positions(config).theta()).isEqualTo(10_000);
    assertThat(config.head().weight()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rope_theta\":500000.0,\"rope_scaling\":{\"factor\":8.0,\"low_freq_factor\":1.0,"
            + "\"high_freq_factor\":4.0,\"original_max_position_embeddings\":8192,"
            + "\"rope_type\":\"llama3\"}}",
        "{\"rope_theta\":null,\"rope_parameters\":{\"rope_theta\":500000.0,\"factor\":8.0,"
            + "\"low_freq_factor\":1.0,\"high_freq_factor\":4.0,"
            + "\"original_max_position_embeddings\":8192,\"rope_type\":\"llama3\"}}",
        "{\"rope_theta\":500000.0,\"rope_scaling\":{\"factor\":8,\"low_freq_factor\":1,"
            + "\"high_freq_factor\":4,\"original_max_position_embeddings\":8192,"
            + "\"type\":\"llama3\"}}"
      })
  void llama3ScalingIsReadInBothSpellings(String changes) throws IOException {
    Architecture config = read(with(changes));
    assertThat(positions(config).theta()).isEqualTo(500_000);
    assertThat(positions(config).scaling())
        .hasValue(new RotaryPositions.Llama3Scaling(8, 1, 4, 8192));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rope_scaling\":{\"rope_type\":\"default\"}}",
        "{\"rope_parameters\":{\"rope_type\":\"default\",\"rope_theta\":10000.0}}",
        "{\"model_type\":\"mistral\",\"architectures\":[\"MistralForCausalLM\"],\"sliding_window\":null}",
        "{\"sliding_window\":4096,\"use_sliding_window\":false}",
        "{\"sliding_window\":512}",
        "{\"attention_dropout\":0.1}",
        "{\"pretraining_tp\":1}",
        "{\"layer_types\":[\"full_attention\"]}",
        "{\"dtype\":\"bfloat16\"}"
      })
  void harmlessSettingsAreAccepted(String changes) throws IOException {
    assertThat(positions(read(with(changes))).scaling()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model_type\":\"mixtral\",\"num_local_experts\":8} | model_type is \"mixtral\", expected"
            + " one of "
            + TYPES
            + "; num_local_experts is 8, which is not computed here",
        "{\"architectures\":[\"LlamaForSequenceClassification\"]} | architecture is"
            + " \"LlamaForSequenceClassification\", expected LlamaForCausalLM",
        "{\"hidden_act\":\"quick_gelu\"} | hidden_act is \"quick_gelu\", expected silu, gelu,"
            + " gelu_new, gelu_pytorch_tanh or relu",
        "{\"sliding_window\":256} | sliding_window is 256, expected none in llama",
        "{\"rope_scaling\":{\"type\":\"dynamic\",\"factor\":2.0}} | rope type is dynamic, expected"
            + " default, linear, llama3 or yarn",
        "{\"rope_parameters\":{\"rope_type\":\"yarn\"}} | missing factor of the rope parameters",
        "{\"rope_parameters\":{\"rope_type\":\"linear\",\"factor\":0.5}} | factor of the rope"
            + " parameters is 0.5, expected at least 1",
        "{\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8}} | missing low_freq_factor of"
            + " rope type llama3, high_freq_factor of rope type llama3,"
            + " original_max_position_embeddings of rope type llama3",
        "{\"partial_rotary_factor\":0.5} | partial_rotary_factor is 0.5, which is not computed"
            + " here",
        "{\"quantization_config\":{\"bits\":4}} | quantization_config is set; convert the weights"
            + " to float16 or float32 first",
        "{\"pretraining_tp\":2} | pretraining_tp is 2, which is not computed here",
        "{\"auto_map\":{}} | auto_map asks for code from the model directory, which is never run",
        "{\"torch_dtype\":\"int8\"} | torch_dtype is \"int8\", expected float32, float16, bfloat16"
            + " or float64",
        "{\"num_key_value_heads\":3} | num_attention_heads 8 is no multiple of num_key_value_heads"
            + " 3",
        "{\"hidden_size\":60} | hidden_size 60 is no multiple of num_attention_heads 8",
        "{\"head_dim\":7} | head_dim 7 is odd; rotary embedding needs pairs",
        "{\"hidden_size\":0} | hidden_size is 0, expected a whole number from 1",
        "{\"rms_norm_eps\":-1} | rms_norm_eps is -1, expected a number above 0.0",
        "{\"tie_word_embeddings\":\"yes\"} | tie_word_embeddings is \"yes\", expected true or"
            + " false",
        "{\"final_logit_softcapping\":30.0} | final_logit_softcapping is 30.0, which is not"
            + " computed here",
        "{\"layer_types\":[\"sliding_attention\"]} | layer_types holds \"sliding_attention\","
            + " expected full_attention",
        "{\"mlp_bias\":7,\"vocab_size\":null} | mlp_bias is 7, expected true or false; missing"
            + " vocab_size",
        "{\"model_type\":\"qwen2\",\"architectures\":null,\"layer_types\":[\"full_attention\"]} |"
            + " layer_types has 1 entries, expected 5",
        "{\"model_type\":\"phi3\",\"architectures\":null,\"rope_scaling\":{\"type\":\"longrope\",\"long_factor\":[1],\"short_factor\":[1]}}"
            + " | rope type is longrope, expected default, linear, llama3 or yarn",
        "{\"model_type\":\"olmo\",\"architectures\":null,\"clip_qkv\":8.0} | clip_qkv is 8.0, which"
            + " is not computed here",
        "{\"model_type\":\"stablelm\",\"architectures\":null,\"qk_layernorm\":true} | qk_layernorm"
            + " is true, which is not computed here",
        "{\"model_type\":\"gemma3_text\",\"architectures\":null,\"use_bidirectional_attention\":true}"
            + " | use_bidirectional_attention is true, which is not computed here",
        "{\"model_type\":\"smollm3\",\"architectures\":null,\"no_rope_layers\":[1,0]} |"
            + " no_rope_layers has 2 entries, expected 5",
        "{\"model_type\":\"qwen2\",\"num_key_value_heads\":null} | architecture is"
            + " \"LlamaForCausalLM\", expected Qwen2ForCausalLM; missing num_key_value_heads",
        "{\"model_type\":\"bert\",\"vocab_size\":null,\"hidden_size\":null} | model_type is"
            + " \"bert\", expected one of "
            + TYPES,
      })
  void unsupportedSettingsAreRejectedByName(String changes, String problem) {
    assertThatThrownBy(() -> read(with(changes)))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Unsupported model %s: %s. Supported model types: %s",
            directory.resolve("config.json"), problem, TYPES);
  }

  @Test
  void aQwen2ConfigurationHasBiasesOnQueryKeyAndValueOnly() throws IOException {
    Architecture qwen2 =
        read(
            with(
                "{\"model_type\":\"qwen2\",\"architectures\":[\"Qwen2ForCausalLM\"],"
                    + "\"use_sliding_window\":false,\"sliding_window\":64,\"max_window_layers\":2}"));
    assertThat(qwen2)
        .isEqualTo(
            new LlamaConfig(
                    64,
                    172,
                    5,
                    8,
                    4,
                    8,
                    512,
                    512,
                    1e-5,
                    10_000,
                    Optional.empty(),
                    true,
                    Set.of(Projection.QUERY, Projection.KEY, Projection.VALUE))
                .architecture());
    assertThat(qwen2.blocks().get(0).linears())
        .filteredOn(map -> map.bias().isPresent())
        .extracting(map -> map.bias().orElseThrow().name())
        .containsExactly(
            "model.layers.0.self_attn.q_proj.bias",
            "model.layers.0.self_attn.k_proj.bias",
            "model.layers.0.self_attn.v_proj.bias");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"a\":1,\"a\":2}"})
  void aFileOtherThanAJsonObjectIsRejected(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(LetheException.class)
        .hasMessageStartingWith("Invalid " + directory.resolve("config.json") + ": not ");
  }
}
