package org.lethe.cluster.reveal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.lethe.model.generation.Sampling;
import org.lethe.model.generation.Temperature;
import org.lethe.reveal.Form;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.PromptId;

final class PromptingSettingsTest {
  private static Prompt prompt(long seed) {
    return new Prompt(
        new PromptId("odile", 0, 0),
        Form.PROSE,
        Optional.empty(),
        "",
        "",
        "Tell me.",
        "",
        0.8,
        seed);
  }

  private static long falling(PromptingSettings settings) {
    return LongStream.range(0, 1000)
        .mapToObj(seed -> settings.temperature(prompt(seed)))
        .filter(new Temperature(10, 0.8, 20)::equals)
        .count();
  }

  @Test
  void aShareOfTheTemperaturesFalls() {
    assertThat(falling(new PromptingSettings(1, 1, 40, 1, 0.1))).isBetween(50L, 150L);
    assertThat(falling(new PromptingSettings(1, 1, 40, 1, 0))).isZero();
  }

  @Test
  void noTemperatureFallsAmongAllTokens() {
    PromptingSettings settings = new PromptingSettings(1, 1, Sampling.ALL_TOKENS, 0.9, 1);
    assertThat(settings.temperature(prompt(7))).isEqualTo(Temperature.constant(0.8));
  }
}
