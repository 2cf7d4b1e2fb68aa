package org.lethe.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;
import org.lethe.store.Ownership;
import org.lethe.store.Publisher;

/** JSON documents of the run directory. A reader never sees half a document. */
public final class Documents {
  /**
   * Keys are in snake case, in the order of the record; maps are sorted. The same values give the
   * same bytes.
   */
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
          .build();

  private Documents() {}

  /** Writes a record or map as indented JSON. */
  public static void write(FileSystem fileSystem, Path path, Object document) {
    try {
      byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
      byte[] line = new byte[bytes.length + 1];
      System.arraycopy(bytes, 0, line, 0, bytes.length);
      line[bytes.length] = '\n';
      writeBytes(fileSystem, path, line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Invalid document: " + document.getClass(), e);
    }
  }

  /** Writes text in UTF-8. */
  public static void writeText(FileSystem fileSystem, Path path, String text) {
    writeBytes(fileSystem, path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes bytes as a file. */
  static void writeBytes(FileSystem fileSystem, Path path, byte[] bytes) {
    try {
      Publisher.of(fileSystem, path).file(path, out -> out.write(bytes));
    } catch (IOException | FSError e) {
      throw RunErrors.io("writing", path.toString(), asIo(e));
    }
  }

  /** Reads a document as a tree. */
  public static JsonNode read(FileSystem fileSystem, Path path) {
    return read(fileSystem, path, JsonNode.class);
  }

  /**
   * Reads a document as a record. Ignores unknown fields, so that documents of newer versions stay
   * readable.
   */
  public static <T> T read(FileSystem fileSystem, Path path, Class<T> type) {
    try (InputStream in = fileSystem.open(path)) {
      T found = JSON.readValue(in, type);
      if (found == null) {
        throw RunErrors.unreadableDocument(path.toString(), "it is empty");
      }
      return found;
    } catch (JsonProcessingException e) {
      throw RunErrors.unreadableDocument(path.toString(), e.getOriginalMessage());
    } catch (IOException e) {
      throw RunErrors.io("reading", path.toString(), e);
    }
  }

  /** Whether the file or folder exists. */
  public static boolean exists(FileSystem fileSystem, Path path) {
    try {
      return fileSystem.exists(path);
    } catch (IOException e) {
      throw RunErrors.io("looking for", path.toString(), e);
    }
  }

  /** Deletes a file or a whole folder, if it exists. */
  public static void delete(FileSystem fileSystem, Path path) {
    Ownership.check(path);
    try {
      fileSystem.delete(path, true);
    } catch (IOException e) {
      throw RunErrors.io("deleting", path.toString(), e);
    }
  }

  /**
   * Returns the failure as an IOException. Hadoop throws failures of a local disk, such as a full
   * disk, as an Error.
   */
  public static IOException asIo(Throwable failure) {
    return failure instanceof IOException io ? io : new IOException(failure);
  }
}
