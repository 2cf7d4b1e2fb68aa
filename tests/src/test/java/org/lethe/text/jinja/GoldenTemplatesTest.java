package org.lethe.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.text.jinja.runtime.JinjaException;

/** Renderings of transformers, from tests/parity/make_chat_golden.py. */
final class GoldenTemplatesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode GOLDEN = golden();

  private static JsonNode golden() {
    try (InputStream file =
        GoldenTemplatesTest.class.getResourceAsStream("/text/chat-templates.json")) {
      return JSON.readTree(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> templates() {
    List<String> names = new ArrayList<>();
    GOLDEN.path("templates").fieldNames().forEachRemaining(names::add);
    return names.stream();
  }

  @ParameterizedTest
  @MethodSource("templates")
  void rendersAsTransformersDoes(String name) {
    String template = GOLDEN.path("templates").path(name).textValue();
    int compared = 0;
    for (JsonNode rendering : GOLDEN.path("renderings")) {
      if (rendering.path("template").textValue().equals(name)) {
        check(template, rendering);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(2 * GOLDEN.path("conversations").size());
  }

  /** A rendering without text is one that transformers refuses. */
  private static void check(String template, JsonNode rendering) {
    String conversation = rendering.path("conversation").textValue();
    Map<String, Object> variables =
        new HashMap<>(JSON.convertValue(GOLDEN.path("special"), new TypeReference<>() {}));
    variables.put(
        "messages",
        JSON.convertValue(
            GOLDEN.path("conversations").path(conversation), new TypeReference<>() {}));
    variables.put("add_generation_prompt", rendering.path("add_generation_prompt").booleanValue());
    variables.put("tools", null);
    variables.put("documents", null);
    LocalDate today = LocalDate.parse(GOLDEN.path("today").textValue());
    if (rendering.has("text")) {
      assertThat(JinjaTemplate.parse(template).render(variables, today))
          .as(conversation)
          .isEqualTo(rendering.path("text").textValue());
    } else {
      assertThatThrownBy(() -> JinjaTemplate.parse(template).render(variables, today))
          .as(conversation)
          .isInstanceOf(JinjaException.class);
    }
  }
}
