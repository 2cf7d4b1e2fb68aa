package org.lethe.corpus.rows;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A Parquet file in a stream that the caller closes. It has no block size, so the same rows give
 * the same bytes on every file system.
 *
 * @param out an empty stream
 */
record StreamOutputFile(FSDataOutputStream out) implements OutputFile {

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return new Stream(out);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return new Stream(out);
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  private static final class Stream extends PositionOutputStream {
    private final FSDataOutputStream out;

    Stream(FSDataOutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return out.getPos();
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {
      // The publisher closes or abandons the stream.
    }
  }
}
