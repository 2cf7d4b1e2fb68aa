package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParameterLayoutTest {
  @ParameterizedTest
  @CsvSource({
    "model.embed_tokens.weight, embed_tokens",
    "model.layers.0.self_attn.q_proj.weight, layers.0",
    "model.layers.17.input_layernorm.weight, layers.17",
    "model.norm.weight, norm",
    "lm_head.weight, lm_head",
    "base_model.model.model.layers.3.mlp.down_proj.lora_A.weight, layers.3",
    "base_model.model.lm_head.lora_B.weight, lm_head"
  })
  void aTensorKnowsItsLayer(String tensor, String layer) {
    assertThat(new ParameterLayout.Entry(tensor, new long[] {1}, 0).layer()).isEqualTo(layer);
  }
}
