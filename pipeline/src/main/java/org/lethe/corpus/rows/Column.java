package org.lethe.corpus.rows;

import java.util.Objects;

/**
 * One typed column of a row file.
 *
 * @param name column name in the Parquet schema
 * @param kind type of its values
 * @param presence whether every row has a value
 */
public record Column(String name, Kind kind, Presence presence) {

  /** The type of a column: its Java class and its Parquet type. */
  public enum Kind {
    /** {@link String}, Parquet {@code binary (STRING)}. */
    STRING,
    /** {@link Long}, Parquet {@code int64}. */
    LONG,
    /** {@link Double}, Parquet {@code double}. */
    DOUBLE,
    /** {@code int[]}, Parquet list of {@code int32}. */
    INTS,
    /** {@code byte[]}, Parquet {@code binary}. */
    BYTES
  }

  /** Whether a value may be absent. */
  public enum Presence {
    REQUIRED,
    OPTIONAL
  }

  public Column {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(presence);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("Invalid column name: empty");
    }
    if (kind == Kind.INTS && presence == Presence.OPTIONAL) {
      throw new IllegalArgumentException(
          "Invalid column: " + name + " is an optional list, use an empty one");
    }
  }

  public static Column string(String name) {
    return new Column(name, Kind.STRING, Presence.REQUIRED);
  }

  public static Column integer(String name) {
    return new Column(name, Kind.LONG, Presence.REQUIRED);
  }

  public static Column real(String name) {
    return new Column(name, Kind.DOUBLE, Presence.REQUIRED);
  }

  public static Column integers(String name) {
    return new Column(name, Kind.INTS, Presence.REQUIRED);
  }

  public static Column bytes(String name) {
    return new Column(name, Kind.BYTES, Presence.REQUIRED);
  }

  /** Returns the same column with missing values allowed. */
  public Column optional() {
    return new Column(name, kind, Presence.OPTIONAL);
  }
}
