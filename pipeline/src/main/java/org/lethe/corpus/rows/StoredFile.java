package org.lethe.corpus.rows;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.lethe.store.FileSystems;

/**
 * A Parquet file of any name. Given a path, parquet-hadoop skips names that begin with '_' or '.',
 * and looks for checksum files, which fails for a name with a colon.
 *
 * @param files file system of the file
 * @param status the file
 */
public record StoredFile(FileSystem files, FileStatus status) implements InputFile {

  /** Returns the file at a path. */
  public static StoredFile at(Path path, Configuration hadoop) throws IOException {
    FileSystem files = FileSystems.of(path, hadoop);
    return new StoredFile(files, files.getFileStatus(path));
  }

  @Override
  public long getLength() {
    return status.getLen();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    return HadoopStreams.wrap(files.open(status.getPath()));
  }

  @Override
  public String toString() {
    return status.getPath().toString();
  }
}
