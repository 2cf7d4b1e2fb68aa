package org.lethe.run.evidence;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/**
 * {@code metrics/program.json}: the program that decided. The record names it by digest and repeats
 * it, so that a change of either shows.
 *
 * @param format version of this document
 * @param code SHA-256 of the program, and versions of its libraries
 */
public record ProgramDocument(int format, SortedMap<String, String> code) {
  private static final int FORMAT = 1;

  public ProgramDocument {
    code = Collections.unmodifiableSortedMap(new TreeMap<>(code));
  }

  /** The document's path. */
  public static Path file(RunDirectory directory) {
    return new Path(directory.metrics(), "program.json");
  }

  /** Writes the document, unless it has the same content. */
  public static void write(RunDirectory directory, SortedMap<String, String> code) {
    ProgramDocument document = new ProgramDocument(FORMAT, code);
    boolean exists = Documents.exists(directory.fileSystem(), file(directory));
    if (!exists || !read(directory).equals(document)) {
      Documents.write(directory.fileSystem(), file(directory), document);
    }
  }

  /** Reads the document. */
  public static ProgramDocument read(RunDirectory directory) {
    return Documents.read(directory.fileSystem(), file(directory), ProgramDocument.class);
  }
}
