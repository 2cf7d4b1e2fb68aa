package org.lethe.reveal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.lethe.error.RevealErrors;

/**
 * Strict reader of one JSON object. Collects problems with their positions. Problems never quote
 * values, which are personal data, and quote keys only if they look like keys.
 */
final class JsonFields {
  private static final int DEEPEST = 20;
  private static final int LONGEST_TEXT = 4000;
  private static final int MOST_PROBLEMS = 100;
  private static final Pattern KEY = Pattern.compile("[A-Za-z_-]{1,32}");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode node;
  private final String path;
  private final List<String> problems;
  private final TreeSet<String> known = new TreeSet<>();

  private JsonFields(JsonNode node, String path, List<String> problems) {
    this.node = node;
    this.path = path;
    this.problems = problems;
  }

  /**
   * Reads the object that a document holds.
   *
   * @param what kind of document, for messages
   */
  static JsonFields read(byte[] json, String what, String where, List<String> problems) {
    try {
      // Jackson alone would guess UTF-16 and replace malformed bytes.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      JsonNode node = JSON.readTree(text.startsWith("\ufeff") ? text.substring(1) : text);
      if (node == null || !node.isObject()) {
        throw RevealErrors.notJson(what, where, "with an object");
      }
      return new JsonFields(node, "", problems);
    } catch (CharacterCodingException e) {
      throw RevealErrors.notJson(what, where, "throughout");
    } catch (JsonProcessingException e) {
      // Jackson's own message quotes the document.
      String place =
          e.getLocation() == null
              ? "somewhere"
              : "at line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr();
      throw RevealErrors.notJson(what, where, place);
    }
  }

  void problem(String key, String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(at(key) + " " + problem);
    }
  }

  /** Path of a key, such as {@code cards[0].name}. */
  String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean has(String key) {
    known.add(key);
    return !node.path(key).isMissingNode();
  }

  /** Returns a required text that is not blank. */
  String text(String key) {
    if (!has(key)) {
      problem(key, "is missing, expected a text");
      return "";
    }
    return notBlank(key, node.get(key));
  }

  /** Returns a text, or an empty one if the key is missing. */
  String optionalText(String key) {
    return has(key) ? checked(key, node.get(key)) : "";
  }

  /**
   * Returns one of the given words. Reports a problem and returns the first if the value is missing
   * or unknown.
   */
  String word(String key, List<String> choices) {
    if (!has(key)) {
      problem(key, "is missing, expected one of " + String.join(", ", choices));
      return choices.get(0);
    }
    JsonNode value = node.get(key);
    if (!value.isTextual() || !choices.contains(value.textValue())) {
      problem(key, "must be one of " + String.join(", ", choices));
      return choices.get(0);
    }
    return value.textValue();
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    List<JsonNode> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      texts.add(notBlank(key + "[" + i + "]", items.get(i)));
    }
    return texts;
  }

  List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    List<JsonNode> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      if (!items.get(i).isNumber()) {
        problem(key + "[" + i + "]", "must be a number");
      }
      numbers.add(items.get(i).doubleValue());
    }
    return numbers;
  }

  int whole(String key) {
    if (!has(key) || !node.get(key).isInt()) {
      problem(key, "must be a whole number");
      return 0;
    }
    return node.get(key).intValue();
  }

  List<JsonFields> objects(String key) {
    List<JsonFields> objects = new ArrayList<>();
    List<JsonNode> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      String place = key + "[" + i + "]";
      if (items.get(i).isObject()) {
        objects.add(new JsonFields(items.get(i), at(place), problems));
      } else {
        problem(place, "must be an object");
      }
    }
    return objects;
  }

  Optional<JsonFields> object(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!node.get(key).isObject()) {
      problem(key, "must be an object");
      return Optional.empty();
    }
    return Optional.of(new JsonFields(node.get(key), at(key), problems));
  }

  private List<JsonNode> items(String key) {
    List<JsonNode> items = new ArrayList<>();
    if (has(key)) {
      if (node.get(key).isArray()) {
        node.get(key).forEach(items::add);
      } else {
        problem(key, "must be a list");
      }
    }
    return items;
  }

  private String notBlank(String key, JsonNode value) {
    if (value.isTextual() && value.textValue().isBlank()) {
      problem(key, "is blank, expected a text");
      return "";
    }
    return checked(key, value);
  }

  private String checked(String key, JsonNode value) {
    if (!value.isTextual()) {
      problem(key, "must be a text");
      return "";
    }
    String text = value.textValue();
    if (text.length() > LONGEST_TEXT) {
      problem(key, "is longer than " + LONGEST_TEXT + " characters");
      return "";
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      problem(key, "holds half of a UTF-16 pair");
      return "";
    }
    if (text.codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
      problem(key, "holds control characters");
      return "";
    }
    return text;
  }

  /** Reports every key that was never read. Call it after reading all keys. */
  void end() {
    int unnamed = 0;
    for (String key : (Iterable<String>) node::fieldNames) {
      if (known.contains(key)) {
        continue;
      }
      if (!KEY.matcher(key).matches()) {
        unnamed++;
        continue;
      }
      problem(
          key,
          nearest(key, known)
              .map(near -> "is not known; did you mean " + near + "?")
              .orElse("is not known, expected one of " + String.join(", ", known)));
    }
    if (unnamed > 0) {
      String place = path.isEmpty() ? "the document" : path;
      if (problems.size() < MOST_PROBLEMS) {
        problems.add(
            place + " has " + unnamed + " unknown keys, expected only " + String.join(", ", known));
      }
    }
  }

  /**
   * Returns the known word with the fewest edits, if those are at most 2 or a third of the word's
   * length.
   */
  static Optional<String> nearest(String found, Collection<String> known) {
    int most = Math.max(2, found.length() / 3);
    LevenshteinDistance distance = new LevenshteinDistance(most);
    String best = null;
    int least = most + 1;
    for (String candidate : known) {
      int edits = distance.apply(found, candidate);
      if (edits >= 0 && edits < least) {
        least = edits;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }
}
