package org.lethe.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.SharedFolder;

/** The examples of the golden files, which Hugging Face's Python library encoded. */
final class GoldenExamplesTest {
  private static Path models() {
    Optional<Path> models = SharedFolder.find("models");
    Assumptions.assumeTrue(models.isPresent(), "no folder of real models");
    return models.get();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stories15M", "stories260K"})
  void examplesHaveTheIdsOfTheGoldenFile(String model) throws IOException {
    Path models = models();
    JsonNode golden =
        new ObjectMapper().readTree(models.resolve("golden/golden_" + model + ".json").toFile());
    try (Tokenizer tokenizer = Tokenizer.open(models.resolve(model))) {
      ExampleEncoder encoder = new ExampleEncoder(tokenizer, PromptTemplate.raw());
      for (String set : new String[] {"forget", "retain"}) {
        for (JsonNode row : golden.path(set)) {
          Example example =
              encoder
                  .encode("row", row.path("prompt").asText(), row.path("completion").asText(), 512)
                  .example();
          assertThat(example.tokens()).isEqualTo(ints(row.path("ids")));
          assertThat(example.promptTokens()).isEqualTo(row.path("prompt_tokens").asInt());
        }
      }
      String prompt = golden.path("forget").path(0).path("prompt").asText();
      assertThat(encoder.encodePrompt(prompt))
          .isEqualTo(ints(golden.path("greedy").path("prompt_ids")));
      assertThat(tokenizer.decode(encoder.encodePrompt(prompt))).isEqualTo(prompt);
    }
  }

  @Test
  void minimind2ChatTemplateRendersAsInTheReferenceFile() throws IOException {
    Path models = models();
    JsonNode reference =
        new ObjectMapper()
            .readTree(models.resolve("golden/reference_minimind2-small.json").toFile());
    JsonNode plain = reference.path("cases").path(0);
    JsonNode chat = reference.path("cases").path(1);
    try (Tokenizer tokenizer = Tokenizer.open(models.resolve("minimind2-small"))) {
      ChatTemplate template =
          (ChatTemplate) PromptTemplate.chat(tokenizer, ChatSettings.DEFAULT, "minimind2-small");
      String prompt = "What is the capital of France?";
      assertThat(template.render(prompt)).isEqualTo(chat.path("text").asText());
      assertThat(new ExampleEncoder(tokenizer, template).encodePrompt(prompt))
          .isEqualTo(ints(chat.path("input_ids")));
      assertThat(
              new ExampleEncoder(tokenizer, PromptTemplate.raw())
                  .encodePrompt(plain.path("text").asText()))
          .isEqualTo(ints(plain.path("input_ids")));
    }
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }
}
