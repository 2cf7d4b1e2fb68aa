package org.lethe.corpus.input;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.CorpusErrors;
import org.lethe.store.FileSystems;
import org.lethe.store.PathMatches;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files of a corpus and cuts them into splits. The first bytes decide the format. A name
 * that contradicts the bytes is an error.
 *
 * <p>In a folder, bookkeeping files ({@code _SUCCESS}, {@code .DS_Store}) and companions such as
 * {@code README.md} hold no rows. Any other file that is neither JSON nor Parquet is an error,
 * since skipping rows of a forget corpus would keep them in the model.
 */
public final class InputFiles {
  private static final Logger LOG = LoggerFactory.getLogger(InputFiles.class);

  private final Configuration configuration;
  private final FieldNames names;
  private final long splitBytes;

  public InputFiles(Configuration configuration, FieldNames names, long splitBytes) {
    this.configuration = configuration;
    this.names = names;
    this.splitBytes = splitBytes;
  }

  /**
   * The files of a corpus.
   *
   * @param files with rows, in the order of the URIs; those of a folder or glob by name
   * @param skipped number of companions in folders, which hold no rows
   */
  public record Listing(List<FileStatus> files, int skipped) {
    public Listing {
      files = List.copyOf(files);
    }
  }

  /** Finds the files of a corpus. */
  public Listing list(List<URI> uris) {
    List<FileStatus> found = new ArrayList<>();
    int skipped = 0;
    for (URI uri : uris) {
      int before = found.size();
      Path path = new Path(uri);
      try {
        FileSystem files = FileSystems.of(path, configuration);
        List<FileStatus> matches = PathMatches.find(files, path);
        if (matches.isEmpty()) {
          throw new FileNotFoundException("no such file");
        }
        Folders folders = new Folders(files, found);
        for (FileStatus match : matches) {
          folders.add(match);
        }
        skipped += folders.report(uri);
      } catch (IOException | IllegalArgumentException e) {
        throw CorpusErrors.cannotRead(uri.toString(), e);
      }
      if (found.size() == before) {
        throw CorpusErrors.noFiles(uri.toString());
      }
    }
    return new Listing(found, skipped);
  }

  /** Collects files below the matches of one URI. */
  private final class Folders {
    private final FileSystem files;
    private final TableFolders tables;
    private final List<FileStatus> found;
    private final List<String> skipped = new ArrayList<>();

    Folders(FileSystem files, List<FileStatus> found) {
      this.files = files;
      this.tables = new TableFolders(files);
      this.found = found;
    }

    void add(FileStatus match) throws IOException {
      if (match.isDirectory()) {
        collect(match, List.of());
      } else {
        tables.check(match.getPath().getParent());
        found.add(match);
      }
    }

    /**
     * @param above folders that contain this one, without symbolic links
     */
    private void collect(FileStatus folder, List<java.nio.file.Path> above) throws IOException {
      tables.check(folder.getPath());
      List<java.nio.file.Path> chain = LocalLinks.followed(folder.getPath(), above);
      List<FileStatus> children = new ArrayList<>(FileSystems.list(files, folder.getPath()));
      children.sort(Comparator.comparing(FileStatus::getPath));
      for (FileStatus child : children) {
        if (PathMatches.isHidden(child.getPath().getName())) {
          continue;
        }
        if (child.isDirectory()) {
          collect(child, chain);
        } else if (FileKind.found(child.getPath().toString(), head(child)).isEmpty()) {
          skipped.add(child.getPath().getName());
        } else {
          found.add(child);
        }
      }
    }

    int report(URI uri) {
      if (!skipped.isEmpty()) {
        LOG.warn("Skipped {} files without rows in {}: {}", skipped.size(), uri, skipped);
      }
      return skipped.size();
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
      String path = status.getPath().toString();
      InputSplit whole =
          new InputSplit(
              firstNumber + splits.size(),
              set,
              file,
              path,
              FileKind.named(path, head(status)),
              0,
              status.getLen(),
              1,
              PartitionColumns.of(status.getPath()));
      splits.addAll(
          switch (whole.format()) {
            case PARQUET -> ParquetInput.splits(whole, names, configuration);
            case JSON_LINES -> cut(whole);
            case JSON_ARRAY, PACKED_LINES -> List.of(whole);
          });
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

  private FileKind.Head head(FileStatus status) {
    Path path = status.getPath();
    try (FSDataInputStream in = FileSystems.of(path, configuration).open(path)) {
      byte[] head = new byte[(int) Math.min(FileKind.HEAD_BYTES, status.getLen())];
      in.readFully(0, head);
      Packing packing = Packing.of(head);
      return new FileKind.Head(
          packing, packing == Packing.GZIP || packing == Packing.ZSTANDARD ? unpacked(path) : head);
    } catch (IOException e) {
      throw CorpusErrors.cannotRead(path.toString(), e);
    }
  }

  private byte[] unpacked(Path path) throws IOException {
    try (InputStream in = PackedFile.open(path, configuration)) {
      return in.readNBytes(FileKind.HEAD_BYTES);
    }
  }
}
