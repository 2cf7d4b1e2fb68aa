package org.lethe.corpus.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;
import org.lethe.error.CorpusErrors;
import org.lethe.store.FileSystems;

/**
 * Reads the lines of one split of a JSON Lines file, one at a time. A line belongs to the split in
 * which it begins: at a byte after the split's first byte, up to and including its end. This is
 * Hadoop's rule; it spares a reader from looking back.
 */
public final class JsonLinesInput implements Closeable {
  /** Longer lines are rejected, and the rest of such a line is not read into memory. */
  public static final int LONGEST_LINE = 1 << 20;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputSplit split;
  private final LineReader reader;
  private final Text buffer = new Text();
  private final long end;
  private long position;
  private long line;

  public JsonLinesInput(InputSplit split, Configuration configuration) {
    this.split = split;
    boolean packed = split.format() == InputSplit.Format.PACKED_LINES;
    this.end = packed ? Long.MAX_VALUE : split.start() + split.length();
    this.position = split.start();
    this.line = split.firstLine() - 1;
    Path path = new Path(split.path());
    try {
      reader =
          new LineReader(
              packed ? PackedFile.open(path, configuration) : openAtStart(path, configuration));
      if (split.start() > 0) {
        position += reader.readLine(buffer, 0, Integer.MAX_VALUE);
      }
    } catch (IOException e) {
      throw CorpusErrors.cannotRead(split.path(), e);
    }
  }

  private InputStream openAtStart(Path path, Configuration configuration) throws IOException {
    FSDataInputStream in = FileSystems.of(path, configuration).open(path);
    in.seek(split.start());
    return in;
  }

  /** Moves to the next line that is not blank. Returns false at the end of the split. */
  boolean next() {
    while (position <= end) {
      int consumed;
      try {
        consumed = reader.readLine(buffer, LONGEST_LINE + 1, Integer.MAX_VALUE);
      } catch (IOException e) {
        throw CorpusErrors.cannotRead(split.path(), e);
      }
      if (consumed == 0) {
        return false;
      }
      position += consumed;
      line++;
      if (!isBlank()) {
        return true;
      }
    }
    return false;
  }

  /** Number of lines of the split, including blank ones. */
  public long countLines() {
    while (next()) {
      // next() counts the lines.
    }
    return line - split.firstLine() + 1;
  }

  long line() {
    return line;
  }

  boolean isTooLong() {
    return buffer.getLength() > LONGEST_LINE;
  }

  /** Returns a copy of the line, without line end and byte order mark. */
  byte[] bytes() {
    int from = line == 1 && startsWithByteOrderMark() ? BYTE_ORDER_MARK.length : 0;
    return Arrays.copyOfRange(buffer.getBytes(), from, buffer.getLength());
  }

  private boolean startsWithByteOrderMark() {
    return buffer.getLength() >= BYTE_ORDER_MARK.length
        && Arrays.equals(
            buffer.getBytes(),
            0,
            BYTE_ORDER_MARK.length,
            BYTE_ORDER_MARK,
            0,
            BYTE_ORDER_MARK.length);
  }

  private boolean isBlank() {
    byte[] bytes = buffer.getBytes();
    for (int i = 0; i < buffer.getLength(); i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
