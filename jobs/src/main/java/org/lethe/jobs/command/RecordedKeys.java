package org.lethe.jobs.command;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.error.LetheException;
import org.lethe.error.SecretText;
import org.lethe.jobs.config.Uris;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunDocument;

/** The configuration of the last command on a run, so that no file has to be given again. */
final class RecordedKeys {
  private static final List<String> NOT_OF_THE_RUN = List.of("lethe.spark.", "lethe.run-dir");

  private RecordedKeys() {}

  /**
   * Returns keys with their values as {@code --set} takes them.
   *
   * @param directory the run directory, or empty
   */
  static List<String> of(String directory) {
    List<String> keys = new ArrayList<>();
    if (directory.isEmpty()) {
      return keys;
    }
    try {
      RunDirectory run = RunDirectory.at(Uris.path(directory), new Configuration());
      if (Documents.exists(run.fileSystem(), run.runDocument())) {
        Documents.read(run.fileSystem(), run.runDocument(), RunDocument.class)
            .configuration()
            .forEach(
                (key, value) -> {
                  if (NOT_OF_THE_RUN.stream().noneMatch(key::startsWith)
                      && !value.contains(SecretText.MASK)) {
                    keys.add(key + "=" + value);
                  }
                });
      }
    } catch (LetheException e) {
      // A store that needs settings of Spark: the user gives the configuration again.
      return List.of();
    }
    return keys;
  }
}
