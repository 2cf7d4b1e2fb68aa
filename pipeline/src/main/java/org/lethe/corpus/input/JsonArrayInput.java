package org.lethe.corpus.input;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.error.CorpusErrors;

/**
 * Reads the elements of a file that is one JSON array, with one element in memory at a time. One
 * task reads the whole file.
 *
 * <p>The rest of a file cannot be read after an element that is not JSON. That place becomes the
 * last row.
 */
final class JsonArrayInput implements Closeable {
  private static final ObjectReader ELEMENTS =
      JsonRecords.JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final InputSplit split;
  private final JsonParser parser;
  private long line = 1;
  private boolean ended;

  JsonArrayInput(InputSplit split, Configuration configuration) {
    this.split = split;
    Path path = new Path(split.path());
    try {
      InputStream in = PackedFile.open(path, configuration);
      parser = JsonRecords.JSON.createParser(in);
      parser.nextToken();
    } catch (IOException e) {
      throw CorpusErrors.cannotRead(split.path(), e);
    }
  }

  /**
   * An element of the array.
   *
   * @param node the element, or empty if it is not JSON
   */
  record Element(Optional<JsonNode> node) {
    byte[] bytes() {
      return node.map(JsonNode::toString).orElse("").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return "Element[]";
    }
  }

  /** Returns the next element, or empty at the end of the array. */
  Optional<Element> next() {
    if (ended) {
      return Optional.empty();
    }
    try {
      JsonToken token = parser.nextToken();
      line = parser.currentTokenLocation().getLineNr();
      if (token == JsonToken.END_ARRAY) {
        ended = true;
        return Optional.empty();
      }
      if (token == null) {
        ended = true;
        return Optional.of(new Element(Optional.empty()));
      }
      return Optional.of(new Element(Optional.of(ELEMENTS.readTree(parser))));
    } catch (JsonProcessingException e) {
      ended = true;
      line = parser.currentLocation().getLineNr();
      return Optional.of(new Element(Optional.empty()));
    } catch (IOException e) {
      throw CorpusErrors.cannotRead(split.path(), e);
    }
  }

  /** Number of the line where the element begins, from 1. */
  long line() {
    return line;
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
