package org.lethe.corpus.input;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A part of an input file that one task reads.
 *
 * @param number position among all splits of the job
 * @param set the corpus
 * @param file number of the file within its corpus
 * @param path the file's URI
 * @param format the file's format
 * @param start first byte
 * @param length number of bytes; rows that begin in this range belong to the split
 * @param firstLine line or row number of the split's first row, from 1
 * @param columns columns that the file's folders give to every row
 */
public record InputSplit(
    int number,
    CorpusSet set,
    int file,
    String path,
    Format format,
    long start,
    long length,
    long firstLine,
    SortedMap<String, String> columns)
    implements Serializable {

  public enum Format {
    JSON_LINES,
    /** JSON Lines in a compressed file; one task reads it. */
    PACKED_LINES,
    /** One JSON array of records; one task reads it. */
    JSON_ARRAY,
    PARQUET
  }

  public InputSplit {
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
  }

  /** Returns a part of this split; the index counts parts from 0. */
  public InputSplit part(int index, long from, long bytes, long line) {
    return new InputSplit(number + index, set, file, path, format, from, bytes, line, columns);
  }

  public InputSplit startingAtLine(long line) {
    return new InputSplit(number, set, file, path, format, start, length, line, columns);
  }
}
