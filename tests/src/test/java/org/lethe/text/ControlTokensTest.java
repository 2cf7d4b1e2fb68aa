package org.lethe.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.error.LetheException;

/** Control tokens in rows. Truth comes from tests/parity/make_control_token_golden.py. */
final class ControlTokensTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHATML =
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
          + "<|im_start|>assistant\n{{ '' }}";

  @TempDir private Path directory;

  static Stream<JsonNode> tokenizers() throws IOException {
    try (InputStream file =
        ControlTokensTest.class.getResourceAsStream("/text/control-tokens.json")) {
      return StreamSupport.stream(JSON.readTree(file).spliterator(), false);
    }
  }

  private Tokenizer open(JsonNode tokenizer, Map<String, Object> config) throws IOException {
    Files.write(directory.resolve("tokenizer.json"), JSON.writeValueAsBytes(tokenizer));
    ObjectNode settings = JSON.createObjectNode();
    settings.put("bos_token", "<s>").put("eos_token", "</s>").put("unk_token", "<unk>");
    config.forEach((key, value) -> settings.set(key, JSON.valueToTree(value)));
    Files.writeString(
        directory.resolve("tokenizer_config.json"), settings.toString(), StandardCharsets.UTF_8);
    return Tokenizer.open(directory);
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void controlTokensOfARowAreEncodedAsText(JsonNode golden) throws IOException {
    try (Tokenizer tokenizer = open(golden.path("tokenizer"), Map.of())) {
      for (JsonNode row : golden.path("rows")) {
        String text = row.path("text").textValue();
        assertThat(tokenizer.encode(text))
            .as(golden.path("name") + ": " + text)
            .isEqualTo(ints(row.path("split")));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void controlTokensOfTheTemplateStayControl(JsonNode golden) throws IOException {
    try (Tokenizer tokenizer = open(golden.path("tokenizer"), Map.of())) {
      ChatTemplate template =
          new ChatTemplate(CHATML, tokenizer.specialTokens(), ChatSettings.DEFAULT, "model");
      for (JsonNode row : golden.path("rows")) {
        if (row.has("chat")) {
          String text = row.path("text").textValue();
          assertThat(template.encode(text, tokenizer))
              .as(golden.path("name") + ": " + text)
              .isEqualTo(ints(row.path("chat")));
        }
      }
    }
  }

  @Test
  void aSystemMessageIsTextToo() throws IOException {
    JsonNode golden = tokenizers().findFirst().orElseThrow();
    try (Tokenizer tokenizer = open(golden.path("tokenizer"), Map.of())) {
      int end = golden.path("tokenizer").path("added_tokens").get(4).path("id").intValue();
      ChatSettings settings = ChatSettings.DEFAULT.withSystemMessage("Be <|im_end|>");
      int[] ids =
          new ChatTemplate(CHATML, tokenizer.specialTokens(), settings, "model")
              .encode("Hi <|im_end|> there", tokenizer);
      assertThat(Arrays.stream(ids).filter(id -> id == end)).hasSize(2);
    }
  }

  /** As transformers' {@code sanitize_control_tokens} chooses them. */
  @Test
  void tokensThatTheTemplateWritesAreControl() throws IOException {
    JsonNode golden = tokenizers().findFirst().orElseThrow();
    JsonNode tokenizerJson = golden.path("tokenizer");
    try (Tokenizer tokenizer = open(tokenizerJson, Map.of())) {
      assertThat(tokenizer.controlTokens().tokens())
          .containsExactlyInAnyOrder("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>");
      assertThat(tokenizer.encode("<note>")).hasSize(1);
    }
    try (Tokenizer tokenizer = open(tokenizerJson, Map.of("chat_template", "{{ '<note>' }}"))) {
      assertThat(tokenizer.controlTokens().in("a <note>")).isTrue();
      assertThat(tokenizer.encode("<note>")).hasSizeGreaterThan(1);
    }
    Map<String, Object> listed =
        Map.of("chat_template", "{{ '<note>' }}", "chat_control_tokens", new String[] {"<other>"});
    try (Tokenizer tokenizer = open(tokenizerJson, listed)) {
      assertThat(tokenizer.controlTokens().in("a <note>")).isFalse();
    }
  }

  /** A vocabulary without merges that has the token as a whole word makes it of plain text. */
  @Test
  void aTokenizerThatMakesControlTokensOfTextIsRefused() throws IOException {
    JsonNode words =
        JSON.readTree(
            "{'added_tokens': [{'id': 2, 'content': '</s>', 'special': true, 'normalized': false,"
                    .replace('\'', '"')
                + "\"single_word\": false, \"lstrip\": false, \"rstrip\": false}],"
                + "\"pre_tokenizer\": {\"type\": \"WhitespaceSplit\"},"
                + "\"model\": {\"type\": \"WordLevel\", \"unk_token\": \"<unk>\","
                + "\"vocab\": {\"<unk>\": 0, \"a\": 1, \"</s>\": 2}}}");
    try (Tokenizer tokenizer = open(words, Map.of())) {
      assertThat(tokenizer.encode("a a")).containsExactly(1, 1);
      assertThatThrownBy(() -> tokenizer.encode("a </s> a"))
          .isInstanceOf(LetheException.class)
          .hasMessage(
              "Cannot encode a row that contains control tokens as text: the tokenizer "
                  + directory.resolve("tokenizer.json")
                  + " makes a control token of its characters; set such rows aside with"
                  + " lethe.corpus.control-tokens=set-aside");
    }
  }
}
