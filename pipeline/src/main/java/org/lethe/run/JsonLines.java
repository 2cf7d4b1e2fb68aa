package org.lethe.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.lethe.error.RunErrors;
import org.lethe.store.Ownership;

/**
 * A file with one JSON object per line that survives a kill. A line counts only with its line feed.
 * A partial last line is dropped before the next line is written.
 *
 * <p>If the file system cannot append (object stores), each line rewrites the whole file.
 */
public final class JsonLines {
  private final FileSystem fileSystem;
  private final Path path;

  private JsonLines(FileSystem fileSystem, Path path) {
    this.fileSystem = fileSystem;
    this.path = path;
  }

  /**
   * Opens a file for appending and repairs it: keeps the complete lines that {@code keep} accepts.
   * A resumed run accepts the rounds up to its checkpoint.
   */
  public static JsonLines open(FileSystem fileSystem, Path path, Predicate<JsonNode> keep) {
    JsonLines lines = new JsonLines(fileSystem, path);
    byte[] found = lines.bytes();
    ByteArrayOutputStream kept = new ByteArrayOutputStream(found.length);
    for (JsonNode line : parse(path, found)) {
      if (keep.test(line)) {
        kept.writeBytes(lineOf(line));
      }
    }
    if (!Arrays.equals(found, kept.toByteArray())) {
      Documents.writeBytes(fileSystem, path, kept.toByteArray());
    }
    return lines;
  }

  /** Returns all complete lines of a file, or none if the file does not exist. */
  public static List<JsonNode> read(FileSystem fileSystem, Path path) {
    return parse(path, new JsonLines(fileSystem, path).bytes());
  }

  /** Appends a line for a record or map. */
  public void append(Object value) {
    byte[] line = lineOf(value);
    Ownership.check(path);
    try {
      if (canAppend()) {
        try (FSDataOutputStream out = fileSystem.append(path)) {
          out.write(line);
          if (out.hasCapability(StreamCapabilities.HSYNC)) {
            out.hsync();
          }
        }
      } else {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(bytes());
        all.writeBytes(line);
        Documents.writeBytes(fileSystem, path, all.toByteArray());
      }
    } catch (IOException | FSError e) {
      throw RunErrors.io("appending to", path.toString(), Documents.asIo(e));
    }
  }

  private boolean canAppend() throws IOException {
    return fileSystem.exists(path)
        && fileSystem.hasPathCapability(path, CommonPathCapabilities.FS_APPEND);
  }

  private byte[] bytes() {
    try (InputStream in = fileSystem.open(path)) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      return new byte[0];
    } catch (IOException e) {
      throw RunErrors.io("reading", path.toString(), e);
    }
  }

  private static List<JsonNode> parse(Path path, byte[] bytes) {
    List<JsonNode> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        try {
          lines.add(Documents.JSON.readTree(bytes, start, i - start));
        } catch (IOException e) {
          throw RunErrors.unreadableDocument(
              path.toString(), "line " + (lines.size() + 1) + " is not JSON");
        }
        start = i + 1;
      }
    }
    return lines;
  }

  private static byte[] lineOf(Object value) {
    try {
      byte[] json = Documents.JSON.writeValueAsBytes(value);
      byte[] line = Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      return line;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Invalid line: " + value.getClass(), e);
    }
  }
}
