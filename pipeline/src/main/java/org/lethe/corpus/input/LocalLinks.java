package org.lethe.corpus.input;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.lethe.error.CorpusErrors;

/** Symbolic links in a local folder. Hadoop follows them and leaves out those without a target. */
final class LocalLinks {
  private LocalLinks() {}

  /**
   * Checks a folder: refuses one that contains itself by a link, and links without a target.
   *
   * @param above real paths of the folders that contain it
   * @return the same list with this folder
   */
  static List<java.nio.file.Path> followed(Path folder, List<java.nio.file.Path> above)
      throws IOException {
    if (!"file".equals(folder.toUri().getScheme())) {
      return above;
    }
    java.nio.file.Path local = java.nio.file.Path.of(folder.toUri().getPath());
    java.nio.file.Path real = local.toRealPath();
    if (above.contains(real)) {
      throw CorpusErrors.linkToItself(folder.toString());
    }
    try (DirectoryStream<java.nio.file.Path> children = Files.newDirectoryStream(local)) {
      for (java.nio.file.Path child : children) {
        if (Files.isSymbolicLink(child) && !Files.exists(child)) {
          throw CorpusErrors.brokenLink(child.toString());
        }
      }
    }
    List<java.nio.file.Path> all = new ArrayList<>(above);
    all.add(real);
    return all;
  }
}
