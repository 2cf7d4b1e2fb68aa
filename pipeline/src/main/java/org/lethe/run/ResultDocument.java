package org.lethe.run;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.ExitClass;

/**
 * {@code result.json}, written last by every command. A Spark job returns nothing to its scheduler
 * and exit codes do not survive YARN's cluster mode, so this is what the next task reads.
 *
 * @param format version of this document
 * @param command for example {@code unlearn}
 * @param runId the run
 * @param requestId the erasure request, or empty
 * @param exitClass the word of the exit class
 * @param exitStatus its number; 0 is success
 * @param message one line for a person: what went wrong, or what was made
 * @param started when the command began, ISO 8601
 * @param seconds how long it took
 * @param figures headline figures by name
 * @param paths what was made, relative to the run directory, by name
 */
public record ResultDocument(
    int format,
    String command,
    String runId,
    String requestId,
    ExitClass exitClass,
    int exitStatus,
    String message,
    String started,
    double seconds,
    SortedMap<String, Double> figures,
    SortedMap<String, String> paths) {

  public ResultDocument {
    figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
    paths = Collections.unmodifiableSortedMap(new TreeMap<>(paths));
  }

  public void write(RunDirectory directory) {
    Documents.write(directory.fileSystem(), directory.result(), this);
  }
}
