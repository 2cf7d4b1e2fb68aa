package org.lethe.corpus.table;

import java.util.Arrays;

/** A table format that Lethe reads and writes. */
public enum TableFormat {
  DELTA("delta", "io.delta:delta-spark_4.1_2.13", new DeltaAccess()),
  ICEBERG("iceberg", "org.apache.iceberg:iceberg-spark-runtime-4.1_2.13", new IcebergAccess());

  private final String word;
  private final String artifact;
  private final TableAccess access;

  TableFormat(String word, String artifact, TableAccess access) {
    this.word = word;
    this.artifact = artifact;
    this.access = access;
  }

  static TableFormat named(String word) {
    return Arrays.stream(values())
        .filter(format -> format.word.equals(word))
        .findFirst()
        .orElseThrow();
  }

  /** The format's name, which is also that of Spark's data source. */
  public String word() {
    return word;
  }

  /** The artifact with the data source, for the line of Spark that Lethe is compiled with. */
  String artifact() {
    return artifact;
  }

  TableAccess access() {
    return access;
  }

  /** Returns what an operator must do so that deleted rows of a table are gone from its files. */
  public String remains(TableName table) {
    return access.remains(table);
  }
}
