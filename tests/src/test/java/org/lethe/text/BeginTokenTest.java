package org.lethe.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The begin token by post-processor and {@code add_bos_token}. The expected values are those of
 * transformers 5.23 for a directory with tokenizer.json, whatever its tokenizer class.
 */
final class BeginTokenTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "own, , true",
    "own, true, true",
    "own, false, true",
    "none, , false",
    "none, true, false",
    "none, false, false"
  })
  void thePostProcessorDecides(String postProcessor, Boolean stated, boolean added)
      throws IOException {
    TrainedTokenizer trained = TokenizerTrainer.train(List.<String>of().iterator(), 259);
    ObjectNode tokenizer = (ObjectNode) JSON.readTree(trained.tokenizerJson());
    if (postProcessor.equals("none")) {
      tokenizer.putNull("post_processor");
    }
    ObjectNode config = (ObjectNode) JSON.readTree(trained.tokenizerConfigJson());
    if (stated != null) {
      config.put("add_bos_token", stated);
      config.put("add_eos_token", stated);
    }
    Files.writeString(
        directory.resolve("tokenizer.json"), tokenizer.toString(), StandardCharsets.UTF_8);
    Files.writeString(
        directory.resolve("tokenizer_config.json"), config.toString(), StandardCharsets.UTF_8);
    try (Tokenizer opened = Tokenizer.open(directory)) {
      assertThat(opened.addsBeginToken()).isEqualTo(added);
      int[] ids = new ExampleEncoder(opened, PromptTemplate.raw()).encodePrompt("a");
      assertThat(ids).hasSize(added ? 2 : 1);
    }
  }
}
