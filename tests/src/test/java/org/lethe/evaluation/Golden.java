package org.lethe.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/** Golden files of this package. The scripts in tests/parity wrote them. */
public final class Golden {
  public static final ObjectMapper JSON = new ObjectMapper();

  private Golden() {}

  public static List<String> lines(String name) {
    try (InputStream packed = Golden.class.getResourceAsStream("/evaluation/" + name)) {
      return lines(packed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<String> lines(Path file) {
    try (InputStream packed = Files.newInputStream(file)) {
      return lines(packed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(InputStream packed) throws IOException {
    return new BufferedReader(
            new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))
        .lines()
        .toList();
  }

  public static JsonNode document(String name) {
    try (InputStream stream = Golden.class.getResourceAsStream("/evaluation/" + name)) {
      return JSON.readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
