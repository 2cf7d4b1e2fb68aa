package org.lethe.corpus.rows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A Parquet file whose footer does not depend on the process. parquet-hadoop lists the encodings of
 * a column in the order of a hash set of enum constants, and their hashes differ between JVMs. This
 * class sorts them before the footer reaches the file.
 *
 * <p>It holds back the end of the file to do so. A footer longer than {@code heldBytes} stays
 * unsorted.
 */
record RepeatableOutputFile(OutputFile file, int heldBytes) implements OutputFile {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TRAILER_BYTES = Integer.BYTES + MAGIC.length;

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    return new HoldingStream(file.create(blockSizeHint), heldBytes);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    return new HoldingStream(file.createOrOverwrite(blockSizeHint), heldBytes);
  }

  @Override
  public boolean supportsBlockSize() {
    return file.supportsBlockSize();
  }

  @Override
  public long defaultBlockSize() {
    return file.defaultBlockSize();
  }

  @Override
  public String getPath() {
    return file.getPath();
  }

  /** Passes on all but the last bytes, and sorts the footer in them when it is closed. */
  private static final class HoldingStream extends PositionOutputStream {
    private final PositionOutputStream out;
    private final int heldBytes;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean closed;

    HoldingStream(PositionOutputStream out, int heldBytes) {
      this.out = out;
      this.heldBytes = heldBytes;
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos() + held.size();
    }

    @Override
    public void write(int value) throws IOException {
      held.write(value);
      passOn();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      held.write(bytes, offset, length);
      passOn();
    }

    private void passOn() throws IOException {
      if (held.size() >= 2 * heldBytes) {
        byte[] bytes = held.toByteArray();
        int passed = bytes.length - heldBytes;
        out.write(bytes, 0, passed);
        held.reset();
        held.write(bytes, passed, heldBytes);
      }
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (out) {
        out.write(ordered(held.toByteArray()));
      }
    }
  }

  /** Returns the same bytes, with a sorted footer if they end in a complete one. */
  private static byte[] ordered(byte[] end) throws IOException {
    int trailer = end.length - TRAILER_BYTES;
    if (trailer < 0
        || !Arrays.equals(end, end.length - MAGIC.length, end.length, MAGIC, 0, MAGIC.length)) {
      return end;
    }
    int length = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(trailer);
    int start = trailer - length;
    if (length <= 0 || start < 0) {
      return end;
    }
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(end, start, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        order(column.getMeta_data());
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(end.length);
    bytes.write(end, 0, start);
    Util.writeFileMetaData(footer, bytes);
    int written = bytes.size() - start;
    bytes.write(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(written).array());
    bytes.write(MAGIC);
    return bytes.toByteArray();
  }

  private static void order(ColumnMetaData column) {
    column.getEncodings().sort(Comparator.naturalOrder());
    if (column.isSetEncoding_stats()) {
      column
          .getEncoding_stats()
          .sort(
              Comparator.comparing(PageEncodingStats::getPage_type)
                  .thenComparing(PageEncodingStats::getEncoding));
    }
  }
}
