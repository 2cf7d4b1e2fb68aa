package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.compute.Vectors;
import org.lethe.error.LetheException;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.RandomWeights;
import org.lethe.tensor.HeapTensor;
import org.lethe.tensor.SafetensorsReader;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

final class AdapterDirectoryTest {
  private static final Adapter.Lora LORA =
      new Adapter.Lora(2, 8, 0.05, Set.of("q_proj", "down_proj"), 3);

  @TempDir private Path temporary;
  private Path directory;

  @BeforeEach
  void setUp() {
    directory = temporary.resolve("adapter");
  }

  private Decoder decoder() {
    return Decoder.load(
        ModelFiles.CONFIG.architecture(), LORA, DataType.FLOAT, new RandomWeights(5));
  }

  private void write(Decoder decoder) {
    AdapterDirectory.write(directory.toUri(), ModelFiles.HADOOP, "base", decoder);
  }

  @Test
  void anAdapterSurvivesTheRoundTrip() {
    try (Decoder trained = decoder();
        Decoder fresh = decoder()) {
      Vectors.assign(
          trained.parameters(), Nd4j.linspace(DataType.FLOAT, -1, 0.001, trained.layout().size()));
      write(trained);
      AdapterDirectory adapter = AdapterDirectory.open(directory);
      assertThat(adapter.adapter()).isEqualTo(new Adapter.Lora(2, 8, 0.05, LORA.targets(), 0));
      fresh.readTrainable(adapter);
      assertThat(Vectors.values(fresh.parameters()))
          .isEqualTo(Vectors.values(trained.parameters()));
    }
  }

  @Test
  void theFactorsHaveTheNamesOfPeft() {
    try (Decoder decoder = decoder()) {
      write(decoder);
    }
    SafetensorsReader weights =
        SafetensorsReader.open(directory.resolve("adapter_model.safetensors"));
    assertThat(weights.names())
        .containsExactlyInAnyOrder(
            "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight",
            "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight",
            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
            "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight",
            "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight",
            "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight",
            "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight",
            "base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight");
    assertThat(weights.info("base_model.model.model.layers.0.mlp.down_proj.lora_A.weight").shape())
        .containsExactly(2L, 24L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"use_dora\" : false | \"use_dora\" : true | use_dora is true",
        "\"use_dora\" : false | \"use_qalora\" : true | use_qalora is true",
        "\"use_dora\" : false | \"lora_bias\" : true | lora_bias is true",
        "\"use_dora\" : false | \"rank_pattern\" : {\"q_proj\":4} | rank_pattern is"
            + " {\"q_proj\":4}",
        "\"use_dora\" : false | \"alpha_pattern\" : {\"q_proj\":4} | alpha_pattern is"
            + " {\"q_proj\":4}",
        "\"use_dora\" : false | \"alora_invocation_tokens\" : [5] | alora_invocation_tokens is [5]",
        "\"use_dora\" : false | \"layer_replication\" : [[0,1],[0,1]] | layer_replication is"
            + " [[0,1],[0,1]]",
        "\"use_dora\" : false | \"trainable_token_indices\" : [3] | trainable_token_indices is [3]",
        "\"use_dora\" : false | \"target_parameters\" : [\"a\"] | target_parameters is [\"a\"]",
        "\"use_dora\" : false | \"setting_of_a_later_peft\" : 1.5 | setting_of_a_later_peft is 1.5",
        "\"init_lora_weights\" : true | \"init_lora_weights\" : \"pissa\" | init_lora_weights is"
            + " \"pissa\", which changes the base model",
        "\"init_lora_weights\" : true | \"init_lora_weights\" : \"pissa_niter_4\" |"
            + " init_lora_weights is \"pissa_niter_4\", which changes the base model",
        "\"init_lora_weights\" : true | \"init_lora_weights\" : \"olora\" | init_lora_weights is"
            + " \"olora\", which changes the base model",
        "\"LORA\" | \"IA3\" | peft_type is \"IA3\", expected LORA",
        "\"bias\" : \"none\" | \"bias\" : \"all\" | bias is \"all\", expected none",
        "\"modules_to_save\" : null | \"modules_to_save\" : [\"lm_head\"] | modules_to_save is"
            + " [\"lm_head\"]",
        "\"r\" : 2 | \"r\" : 0 | r, lora_alpha or lora_dropout is missing or impossible",
        "[ \"q_proj\", \"down_proj\" ] | 5 | target_modules is neither a list of names nor a"
            + " pattern",
      })
  void unsupportedSettingsAreRejectedByName(String found, String put, String problem)
      throws IOException {
    try (Decoder decoder = decoder()) {
      write(decoder);
    }
    Path config = directory.resolve("adapter_config.json");
    String json = Files.readString(config);
    assertThat(json).contains(found);
    Files.writeString(config, json.replace(found, put));
    assertThatThrownBy(() -> AdapterDirectory.open(directory))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Unsupported adapter %s: %s. Lethe supports plain LoRA on the linear maps of the"
                + " decoder blocks",
            config, problem);
  }

  /** Opens the written adapter with one setting changed. */
  private Adapter.Lora changed(String found, String put) throws IOException {
    try (Decoder decoder = decoder()) {
      write(decoder);
    }
    Path config = directory.resolve("adapter_config.json");
    String json = Files.readString(config);
    assertThat(json).contains(found);
    Files.writeString(config, json.replace(found, put));
    return AdapterDirectory.open(directory).adapter();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"fan_in_fan_out\" : true",
        "\"megatron_core\" : \"megatron.core\", \"loftq_config\" : {}, \"revision\" : null",
        "\"qalora_group_size\" : 16, \"use_qalora\" : false, \"rank_pattern\" : {}",
      })
  void settingsThatChangeNothingAreAccepted(String put) throws IOException {
    assertThat(changed("\"fan_in_fan_out\" : false", put).scale()).isEqualTo(4);
  }

  @Test
  void rankStabilisedScalingDividesByTheRootOfTheRank() throws IOException {
    Adapter.Lora lora = changed("\"use_rslora\" : false", "\"use_rslora\" : true");
    assertThat(lora.scale()).isCloseTo(8 / Math.sqrt(2), within(1e-15));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[ \"q_proj\", \"down_proj\" ] | \".*(layers).*_proj\"",
        "\"layers_to_transform\" : null | \"layers_to_transform\" : [0, 1]",
      })
  void patternsSelectTheModulesThatHaveFactors(String found, String put) throws IOException {
    assertThat(changed(found, put).targets())
        .containsExactly(
            "model.layers.0.mlp.down_proj",
            "model.layers.0.self_attn.q_proj",
            "model.layers.1.mlp.down_proj",
            "model.layers.1.self_attn.q_proj");
  }

  @Test
  void factorsThatNoModuleReadsAreRejected() {
    try (Decoder decoder = decoder()) {
      write(decoder);
    }
    AdapterDirectory adapter = AdapterDirectory.open(directory);
    Set<String> used =
        Set.of(
            "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight",
            "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight",
            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
            "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight",
            "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight",
            "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight",
            "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight");
    assertThatThrownBy(() -> adapter.requireNoOthers(used))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Unexpected tensors in %s: base_model.model.model.layers.1.self_attn.q_proj.lora_B"
                + ".weight; the adapter belongs to another model, or dropping them would change it",
            directory.resolve("adapter_model.safetensors"));
  }

  @Test
  void otherFormatsOfFactorsAreRejected() throws IOException {
    try (Decoder decoder = decoder()) {
      write(decoder);
    }
    Files.move(
        directory.resolve("adapter_model.safetensors"), directory.resolve("adapter_model.bin"));
    assertThatThrownBy(() -> AdapterDirectory.open(directory))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "No adapter_model.safetensors in %s: expected a LoRA adapter in the PEFT layout; load"
                + " an adapter_model.bin in PEFT and save it with save_pretrained, which writes"
                + " safetensors",
            directory);
  }

  @Test
  void anAdapterOfAnotherModelIsRejected() {
    try (Decoder decoder = decoder()) {
      write(decoder);
    }
    AdapterDirectory adapter = AdapterDirectory.open(directory);
    String name = "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight";
    assertThatThrownBy(() -> adapter.read(name, new HeapTensor(new float[50], 2, 25)))
        .isInstanceOf(LetheException.class)
        .hasMessageStartingWith("Wrong shape of tensor '" + name + "' in ")
        .hasMessageEndingWith(": [2, 24], expected [2, 25]; the adapter belongs to another model");
  }

  @Test
  void aFolderWithoutAdapterIsNamed() {
    assertThatThrownBy(() -> AdapterDirectory.open(temporary))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "No adapter_config.json in %s: expected a LoRA adapter in the PEFT layout", temporary);
  }
}
