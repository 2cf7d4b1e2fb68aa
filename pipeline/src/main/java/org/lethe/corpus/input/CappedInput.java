package org.lethe.corpus.input;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.lethe.error.CorpusErrors;

/**
 * An unpacked file that ends with a failure above a number of bytes. A few kilobytes can unpack to
 * terabytes, which would keep a task busy for days.
 */
final class CappedInput extends FilterInputStream {
  /** Unpacked bytes for each packed one. JSON of real texts needs 3 to 20. */
  private static final long RATIO = 200;

  /** Bytes that every file may have. */
  private static final long LEAST = 64L << 20;

  private final long most;
  private final String path;
  private long bytes;

  CappedInput(InputStream in, long most, String path) {
    super(in);
    this.most = most;
    this.path = path;
  }

  /** Returns the most bytes that a packed file may hold. */
  static long most(long packedBytes) {
    return Math.max(LEAST, RATIO * packedBytes);
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = in.read(target, offset, length);
    count(read);
    return read;
  }

  @Override
  public long skip(long wanted) throws IOException {
    long skipped = in.skip(wanted);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(long more) {
    bytes += Math.max(0, more);
    if (bytes > most) {
      throw CorpusErrors.unpacksTooFar(path, most);
    }
  }
}
