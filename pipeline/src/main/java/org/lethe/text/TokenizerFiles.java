package org.lethe.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.lethe.error.TextErrors;
import org.lethe.tensor.PointerFile;
import org.lethe.text.jinja.JinjaTemplate;

/**
 * Settings of a tokenizer, from the files of a Hugging Face directory.
 *
 * @param tokenizerJson tokenizer.json
 * @param vocabularySize one more than the largest id
 * @param specialTokens text of the special tokens by role ({@code bos_token}, {@code eos_token}...)
 * @param beginToken id of the begin token
 * @param endToken id of the end token
 * @param statedEnds {@code add_bos_token} and {@code add_eos_token} of tokenizer_config.json, those
 *     that are present
 * @param chatTemplate the Jinja template, if any
 * @param addedTokens ids of the tokens that the tokenizer looks for before it splits words, by text
 * @param controlTokens those of them that are never text of a row
 */
record TokenizerFiles(
    Path tokenizerJson,
    int vocabularySize,
    Map<String, String> specialTokens,
    OptionalInt beginToken,
    OptionalInt endToken,
    Map<String, Boolean> statedEnds,
    Optional<String> chatTemplate,
    Map<String, Integer> addedTokens,
    Set<String> controlTokens) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> ROLES =
      List.of("bos_token", "eos_token", "pad_token", "unk_token");

  /**
   * Returns the file that describes the tokenizer.
   *
   * @throws org.lethe.error.LetheException if the directory has none
   */
  static Path tokenizerJson(Path directory) {
    Path tokenizerJson = directory.resolve("tokenizer.json");
    if (!Files.isRegularFile(tokenizerJson)) {
      throw TextErrors.noTokenizer(directory);
    }
    return tokenizerJson;
  }

  static TokenizerFiles read(Path directory) {
    Path tokenizerJson = tokenizerJson(directory);
    JsonNode root = parse(tokenizerJson);
    Map<String, Integer> ids = vocabulary(tokenizerJson, root);
    JsonNode config = parseIfPresent(directory.resolve("tokenizer_config.json"));
    JsonNode map = parseIfPresent(directory.resolve("special_tokens_map.json"));
    Map<String, String> special = new HashMap<>();
    for (String role : ROLES) {
      content(config.path(role))
          .or(() -> content(map.path(role)))
          .ifPresent(t -> special.put(role, t));
    }
    Optional<String> template = chatTemplate(directory, config);
    Map<String, Integer> added = new HashMap<>();
    root.path("added_tokens")
        .forEach(t -> added.put(t.path("content").asText(), t.path("id").intValue()));
    int largest = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    return new TokenizerFiles(
        tokenizerJson,
        largest + 1,
        Map.copyOf(special),
        id("bos", directory, special, ids, largest),
        id("eos", directory, special, ids, largest),
        statedEnds(config),
        template,
        Map.copyOf(added),
        controlTokens(root, config, template));
  }

  private static Map<String, Boolean> statedEnds(JsonNode config) {
    Map<String, Boolean> stated = new HashMap<>();
    for (String key : List.of("add_bos_token", "add_eos_token")) {
      if (config.path(key).isBoolean()) {
        stated.put(key, config.path(key).booleanValue());
      }
    }
    return Map.copyOf(stated);
  }

  /**
   * Chooses the control tokens as transformers does: the special tokens, and the added tokens that
   * {@code chat_control_tokens} lists or, without such a list, the chat template writes. White
   * space is text.
   */
  private static Set<String> controlTokens(
      JsonNode root, JsonNode config, Optional<String> template) {
    Set<String> listed = new HashSet<>();
    config.path("chat_control_tokens").forEach(token -> listed.add(token.asText()));
    String written = template.map(JinjaTemplate::literalText).orElse("");
    Set<String> control = new HashSet<>();
    for (JsonNode token : root.path("added_tokens")) {
      String text = token.path("content").asText();
      boolean used =
          config.has("chat_control_tokens")
              ? listed.contains(text)
              : written.contains(text) && !text.isBlank();
      if (!text.isEmpty() && (token.path("special").asBoolean() || used)) {
        control.add(text);
      }
    }
    return Set.copyOf(control);
  }

  /** Reads the tokenizer's own files first, because config.json may list several end tokens. */
  private static OptionalInt id(
      String role,
      Path directory,
      Map<String, String> special,
      Map<String, Integer> ids,
      int last) {
    Integer id = ids.get(special.getOrDefault(role + "_token", ""));
    if (id != null) {
      return OptionalInt.of(id);
    }
    for (String file : List.of("generation_config.json", "config.json")) {
      JsonNode node = parseIfPresent(directory.resolve(file)).path(role + "_token_id");
      JsonNode number = node.isArray() ? node.path(0) : node;
      if (number.isInt() && number.intValue() >= 0 && number.intValue() <= last) {
        return OptionalInt.of(number.intValue());
      }
    }
    return OptionalInt.empty();
  }

  private static Map<String, Integer> vocabulary(Path file, JsonNode root) {
    Map<String, Integer> ids = new HashMap<>();
    JsonNode vocabulary = root.path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary.properties().forEach(e -> ids.put(e.getKey(), e.getValue().intValue()));
    } else if (vocabulary.isArray()) {
      for (int i = 0; i < vocabulary.size(); i++) { // Unigram: [text, score] pairs
        ids.put(vocabulary.get(i).path(0).asText(), i);
      }
    } else {
      throw TextErrors.badTokenizerFile(file, "model.vocab is missing");
    }
    for (JsonNode token : root.path("added_tokens")) {
      ids.put(token.path("content").asText(), token.path("id").intValue());
    }
    return ids;
  }

  /** A special token is a string, or an object with the field {@code content}. */
  private static Optional<String> content(JsonNode node) {
    JsonNode text = node.isObject() ? node.path("content") : node;
    return text.isTextual() ? Optional.of(text.textValue()) : Optional.empty();
  }

  private static Optional<String> chatTemplate(Path directory, JsonNode config) {
    Path file = directory.resolve("chat_template.jinja");
    if (Files.isRegularFile(file)) {
      PointerFile.reject(file);
      try {
        return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw TextErrors.unreadable(file, e);
      }
    }
    JsonNode template = config.path("chat_template");
    if (template.isArray()) { // several templates, by name
      for (JsonNode named : template) {
        if (named.path("name").asText().equals("default")) {
          return Optional.of(named.path("template").asText());
        }
      }
    }
    return template.isTextual() ? Optional.of(template.textValue()) : Optional.empty();
  }

  private static JsonNode parseIfPresent(Path file) {
    return Files.isRegularFile(file) ? parse(file) : JSON.missingNode();
  }

  private static JsonNode parse(Path file) {
    PointerFile.reject(file);
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      e.clearLocation();
      throw TextErrors.unreadable(file, e);
    } catch (IOException e) {
      throw TextErrors.unreadable(file, e);
    }
  }
}
