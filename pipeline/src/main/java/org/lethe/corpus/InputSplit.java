package org.lethe.corpus;

import java.io.Serializable;

/**
 * A piece of an input file that one task reads.
 *
 * @param number position among all splits of the job
 * @param set the corpus
 * @param file number of the file within its corpus
 * @param path the file's URI
 * @param format how it is read
 * @param start first byte
 * @param length number of bytes; rows that begin in the piece belong to it
 * @param firstLine line or row number of the piece's first row, from 1
 */
record InputSplit(
    int number,
    CorpusSet set,
    int file,
    String path,
    Format format,
    long start,
    long length,
    long firstLine)
    implements Serializable {

  enum Format {
    JSON_LINES,
    PARQUET
  }

  InputSplit startingAtLine(long line) {
    return new InputSplit(number, set, file, path, format, start, length, line);
  }
}
