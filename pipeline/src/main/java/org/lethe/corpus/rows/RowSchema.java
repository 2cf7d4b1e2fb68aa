package org.lethe.corpus.rows;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** The columns of a row file, in order. */
public final class RowSchema {
  private final String name;
  private final List<Column> columns;
  private final Map<String, Integer> positions;

  private RowSchema(String name, List<Column> columns) {
    this.name = name;
    this.columns = columns;
    this.positions = new HashMap<>();
    for (Column column : columns) {
      if (positions.put(column.name(), positions.size()) != null) {
        throw new IllegalArgumentException("Invalid schema: column twice: " + column.name());
      }
    }
  }

  /** Returns a schema with a name (Parquet's message name) and at least one column. */
  public static RowSchema of(String name, Column... columns) {
    if (columns.length == 0) {
      throw new IllegalArgumentException("Invalid schema: no columns");
    }
    return new RowSchema(name, List.of(columns));
  }

  /** Builds a row from one value per column, in order; see {@link Row}. */
  public Row row(Object... values) {
    return Row.of(this, values);
  }

  public List<Column> columns() {
    return columns;
  }

  int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException(
          "Invalid column: " + column + ", expected one of " + positions.keySet());
    }
    return position;
  }

  MessageType toParquet() {
    Type[] fields = columns.stream().map(RowSchema::toParquet).toArray(Type[]::new);
    return new MessageType(name, Arrays.asList(fields));
  }

  private static Type toParquet(Column column) {
    Type.Repetition repetition =
        column.presence() == Column.Presence.REQUIRED
            ? Type.Repetition.REQUIRED
            : Type.Repetition.OPTIONAL;
    return switch (column.kind()) {
      case STRING ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.stringType())
              .named(column.name());
      case LONG -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(column.name());
      case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(column.name());
      case BYTES -> Types.primitive(PrimitiveTypeName.BINARY, repetition).named(column.name());
      case INTS ->
          Types.list(repetition).requiredElement(PrimitiveTypeName.INT32).named(column.name());
    };
  }
}
