package org.lethe.jobs.release;

import java.time.Instant;
import java.util.Optional;
import org.lethe.error.EvidenceErrors;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;
import org.lethe.run.retention.Deletion;
import org.lethe.run.retention.Retention;

/** Deletes the text of a decided run, and of each of its requests, when it is due. */
public final class RunPurge {
  private static final String REQUESTS = "requests";

  private RunPurge() {}

  /**
   * Deletes what is due, and says what was done.
   *
   * @throws org.lethe.error.LetheException EVIDENCE if the run has no record
   */
  public static String of(RunDirectory directory, Instant now) {
    if (!Documents.exists(directory.fileSystem(), directory.record())) {
      throw EvidenceErrors.noRecord(directory.toString());
    }
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    Retention retention = Retention.of(record);
    Optional<Instant> due = retention.due(record);
    if (due.isEmpty()) {
      return "Nothing to delete: the run was "
          + record.decision()
          + " with "
          + Retention.KEY
          + " = "
          + retention.text();
    }
    if (now.isBefore(due.get())) {
      return "Nothing to delete before "
          + due.get()
          + " ("
          + Retention.KEY
          + " = "
          + retention.text()
          + ")";
    }
    int deleted = Deletion.whenDue(directory, now);
    for (ErasureRecord.RequestLine request : record.requests()) {
      deleted += Deletion.whenDue(directory.nested(REQUESTS).nested(request.id()), now);
    }
    return "Deleted: " + deleted + " files with text, named by " + Deletion.FILE;
  }
}
