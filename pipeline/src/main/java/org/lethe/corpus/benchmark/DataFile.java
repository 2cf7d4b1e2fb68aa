package org.lethe.corpus.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.error.BenchmarkErrors;
import org.lethe.error.RunErrors;
import org.lethe.store.FileSystems;

/**
 * A data file of a benchmark, as its authors publish it: JSON Lines, or one JSON array. Errors name
 * the place and the schema, never the text of a record.
 *
 * @param benchmark benchmark of the data
 * @param uri the file
 * @param schema the file in data-schemas that describes a record
 * @param origin source of the file, for messages
 */
record DataFile(String benchmark, URI uri, String schema, String origin) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A record with its number in the file, from 1. */
  record Entry(DataFile file, long number, JsonNode node) {
    String text(String field) {
      JsonNode value = node.path(field);
      if (!value.isTextual()) {
        throw file.bad(number, "no text in field " + field);
      }
      return value.textValue();
    }

    /** Returns the text of a record that may be a plain string instead of an object. */
    String wholeText(String field) {
      return node.isTextual() ? node.textValue() : text(field);
    }

    String textOr(String field, String otherwise) {
      return node.path(field).isTextual() ? node.path(field).textValue() : otherwise;
    }

    /** Returns a list of texts with at least the given length. */
    List<String> texts(String field, int least) {
      JsonNode value = node.path(field);
      List<String> texts = new ArrayList<>();
      value.forEach(
          item -> {
            if (item.isTextual()) {
              texts.add(item.textValue());
            }
          });
      if (!value.isArray() || texts.size() < value.size() || texts.size() < least) {
        throw file.bad(number, "no list of at least " + least + " texts in field " + field);
      }
      return texts;
    }

    int choice(String field, int choices) {
      JsonNode value = node.path(field);
      if (!value.isInt() || value.intValue() < 0 || value.intValue() >= choices) {
        throw file.bad(number, "no whole number from 0 to " + (choices - 1) + " in field " + field);
      }
      return value.intValue();
    }
  }

  RuntimeException bad(long line, String problem) {
    return BenchmarkErrors.badData(benchmark, uri.toString(), line, problem, schema, origin);
  }

  /** Returns all records, or the first ones if the limit is above 0. */
  List<Entry> read(Configuration hadoop, int limit) {
    String text = content(hadoop);
    List<Entry> entries = new ArrayList<>();
    if (text.stripLeading().startsWith("[")) {
      parse(text, 1).forEach(node -> entries.add(new Entry(this, entries.size() + 1L, node)));
    } else {
      long number = 0;
      for (String line : text.split("\n", -1)) {
        number++;
        if (!line.isBlank()) {
          entries.add(new Entry(this, number, parse(line, number)));
        }
      }
    }
    if (entries.isEmpty()) {
      throw bad(1, "the file is empty");
    }
    return limit > 0 && limit < entries.size() ? entries.subList(0, limit) : entries;
  }

  /** Returns the whole file as text. */
  String content(Configuration hadoop) {
    Path path = new Path(uri);
    try (InputStream in = FileSystems.of(path, hadoop).open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw BenchmarkErrors.missingData(benchmark, uri.toString(), origin);
    } catch (IOException e) {
      throw RunErrors.io("reading", uri.toString(), e);
    }
  }

  private JsonNode parse(String text, long number) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      // Drops Jackson's message, which may quote the text.
      throw bad(number, "it is not JSON");
    }
  }
}
