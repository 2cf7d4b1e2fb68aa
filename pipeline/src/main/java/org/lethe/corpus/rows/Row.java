package org.lethe.corpus.rows;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One row of a row file. A value is a {@link String}, {@link Long}, {@link Double}, {@code int[]}
 * or {@code byte[]}, depending on the column's kind; an optional column takes the value or an
 * {@link Optional} of it. {@code toString} returns column names and never a value, because values
 * may be text of a corpus.
 */
public final class Row {
  private final RowSchema schema;

  /** One value per column; null if an optional column has none. */
  private final Object[] values;

  private Row(RowSchema schema, Object[] values) {
    this.schema = schema;
    this.values = values;
  }

  static Row of(RowSchema schema, Object... given) {
    if (given.length != schema.columns().size()) {
      throw new IllegalArgumentException(
          "Invalid row: " + given.length + " values for " + schema.columns().size() + " columns");
    }
    Object[] values = new Object[given.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = checked(schema.columns().get(i), given[i]);
    }
    return new Row(schema, values);
  }

  /** Uses the array without a copy. A reader filled it from a file with this schema. */
  static Row adopt(RowSchema schema, Object[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        checked(schema.columns().get(i), Optional.empty());
      }
    }
    return new Row(schema, values);
  }

  private static Object checked(Column column, Object given) {
    Object value = given instanceof Optional<?> optional ? optional.orElse(null) : given;
    if (value == null) {
      if (column.presence() == Column.Presence.REQUIRED) {
        throw new IllegalArgumentException("Invalid row: no value in column " + column.name());
      }
      return null;
    }
    Object widened = value instanceof Integer number ? (Object) number.longValue() : value;
    boolean fits =
        switch (column.kind()) {
          case STRING -> widened instanceof String;
          case LONG -> widened instanceof Long;
          case DOUBLE -> widened instanceof Double;
          case INTS -> widened instanceof int[];
          case BYTES -> widened instanceof byte[];
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "Invalid row: a "
              + value.getClass().getSimpleName()
              + " in column "
              + column.name()
              + ", expected "
              + column.kind());
    }
    return widened;
  }

  Object value(int position) {
    return values[position];
  }

  public String string(String column) {
    return (String) required(column);
  }

  public Optional<String> optionalString(String column) {
    return Optional.ofNullable((String) values[schema.position(column)]);
  }

  public long integer(String column) {
    return (Long) required(column);
  }

  public double real(String column) {
    return (Double) required(column);
  }

  public OptionalDouble optionalReal(String column) {
    Double value = (Double) values[schema.position(column)];
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Returns the list itself, not a copy. */
  public int[] integers(String column) {
    return (int[]) required(column);
  }

  /** Returns the bytes themselves, not a copy. */
  public byte[] bytes(String column) {
    return (byte[]) required(column);
  }

  private Object required(String column) {
    Object value = values[schema.position(column)];
    if (value == null) {
      throw new IllegalStateException("Invalid access: no value in column " + column);
    }
    return value;
  }

  @Override
  public String toString() {
    return "Row of " + schema.columns().stream().map(Column::name).toList();
  }
}
