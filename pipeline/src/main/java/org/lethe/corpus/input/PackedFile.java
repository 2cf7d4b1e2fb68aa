package org.lethe.corpus.input;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.CorpusErrors;
import org.lethe.store.FileSystems;

/** An input file that may be compressed. */
final class PackedFile {
  private PackedFile() {}

  /** Opens a file and unpacks it if it is compressed. */
  static InputStream open(Path path, Configuration configuration) throws IOException {
    FileSystem files = FileSystems.of(path, configuration);
    long size = files.getFileStatus(path).getLen();
    FSDataInputStream in = files.open(path);
    try {
      Packing packing = Packing.of(magic(in, size));
      return switch (packing) {
        case NONE -> in;
        case OTHER -> throw CorpusErrors.compressed(path.toString());
        case GZIP, ZSTANDARD ->
            new CappedInput(
                packing.unpack(in, configuration), CappedInput.most(size), path.toString());
      };
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static byte[] magic(FSDataInputStream in, long size) throws IOException {
    byte[] magic = new byte[(int) Math.min(Packing.MAGIC_BYTES, size)];
    in.readFully(0, magic);
    return magic;
  }
}
