package org.lethe.corpus.find;

import java.io.Serializable;
import java.util.List;

/**
 * Result of a search; {@code found/report.json}. Contains ids and counts, but no text.
 *
 * @param format version of this document
 * @param files number of searched files
 * @param read rows read, without blank lines
 * @param malformed rows that could not be searched; they are in no corpus either
 * @param found rows that mention a subject or nearly repeat a given row
 * @param nearDuplicates rows that nearly repeat a given row
 * @param subjects one entry per subject
 */
public record FindReport(
    int format,
    int files,
    long read,
    long malformed,
    long found,
    long nearDuplicates,
    List<SubjectReport> subjects) {

  /** The version of this document. */
  public static final int FORMAT = 1;

  /**
   * One subject.
   *
   * @param subject id of the subject
   * @param rows rows that mention it
   * @param examples ids of the first of these rows
   */
  public record SubjectReport(String subject, long rows, List<String> examples)
      implements Serializable {}
}
