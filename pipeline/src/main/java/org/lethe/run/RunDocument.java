package org.lethe.run;

import java.util.SortedMap;
import org.lethe.error.RunErrors;

/**
 * {@code run.json}: id, configuration and versions of a run.
 *
 * @param format version of this document
 * @param runId the run; a retry has the same id
 * @param requestId the erasure request of this run, or empty
 * @param configuration every key of the last command with its value, secrets masked
 * @param versions versions of Lethe and its libraries
 */
public record RunDocument(
    int format,
    String runId,
    String requestId,
    SortedMap<String, String> configuration,
    SortedMap<String, String> versions) {

  public RunDocument {
    Names.checked("run id", runId);
    if (!requestId.isEmpty()) {
      Names.checked("request id", requestId);
    }
    configuration = SortedCopy.of(configuration);
    versions = SortedCopy.of(versions);
  }

  /** Returns a document of the current format. */
  public static RunDocument of(
      String runId,
      String requestId,
      SortedMap<String, String> configuration,
      SortedMap<String, String> versions) {
    return new RunDocument(1, runId, requestId, configuration, versions);
  }

  /**
   * Writes this document into a directory that is new or belongs to the same run.
   *
   * @throws org.lethe.error.LetheException CONFLICT if the directory belongs to another run
   */
  public void claim(RunDirectory directory) {
    if (Documents.exists(directory.fileSystem(), directory.runDocument())) {
      String found =
          Documents.read(directory.fileSystem(), directory.runDocument()).path("run_id").asText();
      if (!found.equals(runId)) {
        throw RunErrors.otherRun(directory.toString(), found, runId);
      }
    }
    Documents.write(directory.fileSystem(), directory.runDocument(), this);
  }
}
