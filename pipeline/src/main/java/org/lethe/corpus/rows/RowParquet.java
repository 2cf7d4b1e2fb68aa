package org.lethe.corpus.rows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Connects {@link Row}s with parquet-hadoop. */
final class RowParquet {
  private RowParquet() {}

  /** A file whose columns do not match the schema. The message contains column names only. */
  static final class SchemaMismatchException extends RuntimeException {
    SchemaMismatchException(String message) {
      super(message);
    }
  }

  static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final RowSchema schema;

    Builder(OutputFile file, RowSchema schema) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
      return new Writing(schema);
    }
  }

  private static final class Writing extends WriteSupport<Row> {
    private final RowSchema schema;
    private RecordConsumer out;

    Writing(RowSchema schema) {
      this.schema = schema;
    }

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema.toParquet(), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      this.out = consumer;
    }

    @Override
    public void write(Row row) {
      out.startMessage();
      List<Column> columns = schema.columns();
      for (int i = 0; i < columns.size(); i++) {
        Object value = row.value(i);
        if (value != null) {
          out.startField(columns.get(i).name(), i);
          writeValue(columns.get(i).kind(), value);
          out.endField(columns.get(i).name(), i);
        }
      }
      out.endMessage();
    }

    private void writeValue(Column.Kind kind, Object value) {
      switch (kind) {
        case STRING -> out.addBinary(Binary.fromString((String) value));
        case LONG -> out.addLong((Long) value);
        case DOUBLE -> out.addDouble((Double) value);
        case BYTES -> out.addBinary(Binary.fromConstantByteArray((byte[]) value));
        case INTS -> writeList((int[]) value);
      }
    }

    private void writeList(int[] list) {
      out.startGroup();
      if (list.length > 0) {
        out.startField("list", 0);
        for (int element : list) {
          out.startGroup();
          out.startField("element", 0);
          out.addInteger(element);
          out.endField("element", 0);
          out.endGroup();
        }
        out.endField("list", 0);
      }
      out.endGroup();
    }
  }

  static final class ReaderBuilder extends ParquetReader.Builder<Row> {
    private final RowSchema schema;

    ReaderBuilder(InputFile file, RowSchema schema) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected ReadSupport<Row> getReadSupport() {
      return new Reading(schema);
    }
  }

  private static final class Reading extends ReadSupport<Row> {
    private final RowSchema schema;

    Reading(RowSchema schema) {
      this.schema = schema;
    }

    @Override
    public ReadContext init(InitContext context) {
      MessageType file = context.getFileSchema();
      MessageType wanted = schema.toParquet();
      for (Type column : wanted.getFields()) {
        if (!file.containsField(column.getName())) {
          throw new SchemaMismatchException("no column " + column.getName());
        }
        Type found = file.getType(column.getName());
        if (!found.equals(column)) {
          throw new SchemaMismatchException(
              "column "
                  + column.getName()
                  + " is '"
                  + found.toString().replaceAll("\\s+", " ")
                  + "', expected '"
                  + column.toString().replaceAll("\\s+", " ")
                  + "'");
        }
      }
      return new ReadContext(wanted);
    }

    @Override
    public RecordMaterializer<Row> prepareForRead(
        Configuration configuration,
        Map<String, String> metadata,
        MessageType fileSchema,
        ReadContext context) {
      return new Materializer(schema);
    }
  }

  private static final class Materializer extends RecordMaterializer<Row> {
    private final RowSchema schema;
    private final RowConverter root;

    Materializer(RowSchema schema) {
      this.schema = schema;
      this.root = new RowConverter(schema);
    }

    @Override
    public Row getCurrentRecord() {
      return Row.adopt(schema, root.values);
    }

    @Override
    public GroupConverter getRootConverter() {
      return root;
    }
  }

  private static final class RowConverter extends GroupConverter {
    private final Converter[] converters;
    private Object[] values;

    RowConverter(RowSchema schema) {
      List<Column> columns = schema.columns();
      converters = new Converter[columns.size()];
      for (int i = 0; i < converters.length; i++) {
        converters[i] =
            columns.get(i).kind() == Column.Kind.INTS
                ? new ListConverter(this, i)
                : new ValueConverter(this, i, columns.get(i).kind());
      }
    }

    @Override
    public Converter getConverter(int field) {
      return converters[field];
    }

    @Override
    public void start() {
      values = new Object[converters.length];
    }

    @Override
    public void end() {}
  }

  private static final class ValueConverter extends PrimitiveConverter {
    private final RowConverter row;
    private final int position;
    private final Column.Kind kind;

    ValueConverter(RowConverter row, int position, Column.Kind kind) {
      this.row = row;
      this.position = position;
      this.kind = kind;
    }

    @Override
    public void addBinary(Binary value) {
      row.values[position] =
          kind == Column.Kind.STRING ? value.toStringUsingUTF8() : value.getBytes();
    }

    @Override
    public void addLong(long value) {
      row.values[position] = value;
    }

    @Override
    public void addDouble(double value) {
      row.values[position] = value;
    }
  }

  /** Three levels of Parquet's LIST type: the list, its repeated group, the element. */
  private static final class ListConverter extends GroupConverter {
    private final RowConverter row;
    private final int position;
    private final GroupConverter repeated = new Repeated();
    private int[] elements = new int[16];
    private int size;

    ListConverter(RowConverter row, int position) {
      this.row = row;
      this.position = position;
    }

    @Override
    public Converter getConverter(int field) {
      return repeated;
    }

    @Override
    public void start() {
      size = 0;
    }

    @Override
    public void end() {
      row.values[position] = Arrays.copyOf(elements, size);
    }

    private void add(int element) {
      if (size == elements.length) {
        elements = Arrays.copyOf(elements, size * 2);
      }
      elements[size++] = element;
    }

    private final class Repeated extends GroupConverter {
      private final PrimitiveConverter element =
          new PrimitiveConverter() {
            @Override
            public void addInt(int value) {
              add(value);
            }
          };

      @Override
      public Converter getConverter(int field) {
        return element;
      }

      @Override
      public void start() {}

      @Override
      public void end() {}
    }
  }
}
