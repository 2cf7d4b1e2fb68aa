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
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.lethe.error.RunErrors;

/**
 * JSON documents of the run directory. They are written to a temporary file and renamed, so a
 * reader never sees half a document.
 */
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

  /** Writes bytes to a temporary file, syncs it to disk and renames it. */
  static void writeBytes(FileSystem fileSystem, Path path, byte[] bytes) {
    Path temporary = new Path(path.getParent(), "." + path.getName() + ".aside");
    try {
      fileSystem.mkdirs(path.getParent());
      try (FSDataOutputStream out = fileSystem.create(temporary, true)) {
        out.write(bytes);
        if (out.hasCapability(StreamCapabilities.HSYNC)) {
          out.hsync();
        }
      }
      rename(fileSystem, temporary, path);
    } catch (IOException | FSError e) {
      removeQuietly(fileSystem, temporary);
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

  private static void rename(FileSystem fileSystem, Path from, Path to) throws IOException {
    // A local rename replaces the target in one step; HDFS rejects an existing target.
    if (!fileSystem.rename(from, to)) {
      fileSystem.delete(to, false);
      if (!fileSystem.rename(from, to)) {
        throw new IOException("rename of " + from.getName() + " was refused");
      }
    }
  }

  private static void removeQuietly(FileSystem fileSystem, Path path) {
    try {
      fileSystem.delete(path, false);
    } catch (IOException ignored) {
      // Report the first failure. The next write replaces a left-over temporary file.
    }
  }
}
