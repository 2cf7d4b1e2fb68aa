package org.lethe.run;

import java.util.SortedMap;
import org.lethe.error.ExitClass;

/**
 * {@code result.json}, written last by every command. A Spark job returns nothing to its scheduler,
 * and exit codes do not survive YARN's cluster mode. The next task of a workflow reads this file
 * instead.
 *
 * @param format version of this document
 * @param command name of the command, for example {@code unlearn}
 * @param runId the run
 * @param requestId the erasure request, or empty
 * @param exitClass name of the exit class
 * @param exitStatus number of the exit class; 0 is success
 * @param message one line for a person: the failure, or the result
 * @param started start time of the command, ISO 8601
 * @param seconds duration
 * @param figures headline figures by name
 * @param paths results by name, relative to the run directory
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
    figures = SortedCopy.of(figures);
    paths = SortedCopy.of(paths);
  }

  public void write(RunDirectory directory) {
    Documents.write(directory.fileSystem(), directory.result(), this);
  }
}
