package org.lethe.corpus.input;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.CorpusErrors;

/**
 * Finds the files of a corpus and cuts them into splits. The first bytes decide the format: Parquet
 * files begin with "PAR1", all others are read as JSON Lines. A name that contradicts the bytes is
 * an error.
 */
public final class InputFiles {
  private static final byte[] PARQUET = {'P', 'A', 'R', '1'};
  private static final byte[] GZIP = {0x1F, (byte) 0x8B};
  private static final byte[] ZSTANDARD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};

  private final Configuration configuration;
  private final FieldNames names;
  private final long splitBytes;

  public InputFiles(Configuration configuration, FieldNames names, long splitBytes) {
    this.configuration = configuration;
    this.names = names;
    this.splitBytes = splitBytes;
  }

  /**
   * Returns the files of a corpus in the order of the URIs. Files of one folder or glob are ordered
   * by name.
   */
  public List<FileStatus> list(List<URI> uris) {
    List<FileStatus> found = new ArrayList<>();
    for (URI uri : uris) {
      int before = found.size();
      Path path = new Path(uri);
      try {
        FileSystem files = path.getFileSystem(configuration);
        FileStatus[] matches = files.globStatus(path);
        if (matches == null || matches.length == 0) {
          throw new FileNotFoundException("no such file");
        }
        Arrays.sort(matches, Comparator.comparing(FileStatus::getPath));
        for (FileStatus match : matches) {
          collect(files, match, found);
        }
      } catch (IOException | RuntimeException e) {
        throw CorpusErrors.cannotRead(uri.toString(), e);
      }
      if (found.size() == before) {
        throw CorpusErrors.noFiles(uri.toString());
      }
    }
    return found;
  }

  private static void collect(FileSystem files, FileStatus status, List<FileStatus> found)
      throws IOException {
    if (status.isFile()) {
      found.add(status);
      return;
    }
    FileStatus[] children = files.listStatus(status.getPath());
    Arrays.sort(children, Comparator.comparing(FileStatus::getPath));
    for (FileStatus child : children) {
      String name = child.getPath().getName();
      // Bookkeeping files of Hadoop and Spark: _SUCCESS, .part-0.crc.
      if (!name.startsWith("_") && !name.startsWith(".")) {
        collect(files, child, found);
      }
    }
  }

  /**
   * Returns the splits of one corpus, numbered from {@code firstNumber}. The number of the first
   * line is not yet known for splits of JSON Lines files, except for the first split of a file.
   */
  public List<InputSplit> splits(CorpusSet set, List<FileStatus> files, int firstNumber) {
    List<InputSplit> splits = new ArrayList<>();
    for (int file = 0; file < files.size(); file++) {
      FileStatus status = files.get(file);
      InputSplit whole =
          new InputSplit(
              firstNumber + splits.size(),
              set,
              file,
              status.getPath().toString(),
              format(status),
              0,
              status.getLen(),
              1);
      splits.addAll(
          whole.format() == InputSplit.Format.PARQUET
              ? ParquetInput.splits(whole, names, configuration)
              : cut(whole));
    }
    return splits;
  }

  private List<InputSplit> cut(InputSplit whole) {
    List<InputSplit> splits = new ArrayList<>();
    for (long start = 0; start < whole.length(); start += splitBytes) {
      splits.add(whole.part(splits.size(), start, Math.min(splitBytes, whole.length() - start), 1));
    }
    return splits;
  }

  private InputSplit.Format format(FileStatus status) {
    String path = status.getPath().toString();
    byte[] head = head(status);
    if (startsWith(head, GZIP) || startsWith(head, ZSTANDARD)) {
      throw CorpusErrors.compressed(path);
    }
    if (startsWith(head, PARQUET)) {
      return InputSplit.Format.PARQUET;
    }
    if (path.endsWith(".parquet")) {
      throw CorpusErrors.notParquet(path);
    }
    return InputSplit.Format.JSON_LINES;
  }

  private byte[] head(FileStatus status) {
    byte[] head = new byte[(int) Math.min(4, status.getLen())];
    try (FSDataInputStream in =
        status.getPath().getFileSystem(configuration).open(status.getPath())) {
      in.readFully(0, head);
    } catch (IOException e) {
      throw CorpusErrors.cannotRead(status.getPath().toString(), e);
    }
    return head;
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }
}
