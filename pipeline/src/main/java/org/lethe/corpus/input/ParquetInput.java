package org.lethe.corpus.input;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.lethe.corpus.rows.StoredFile;
import org.lethe.error.CorpusErrors;

/** Reads a Parquet file written by other tools: one row group, the configured columns. */
final class ParquetInput implements Closeable {
  private final InputSplit split;
  private final ParquetReader<Group> reader;
  private long row;

  ParquetInput(InputSplit split, FieldNames names, RowFilter filter, Configuration configuration) {
    this.split = split;
    this.row = split.firstLine() - 1;
    Path path = new Path(split.path());
    try {
      MessageType schema = footer(path, configuration).getFileMetaData().getSchema();
      Configuration projecting = new Configuration(configuration);
      projecting.set(ReadSupport.PARQUET_READ_SCHEMA, projection(schema, names, filter).toString());
      reader =
          new Groups(StoredFile.at(path, configuration))
              .withConf(projecting)
              .withFileRange(split.start(), split.start() + split.length())
              .build();
    } catch (IOException | RuntimeException e) {
      throw CorpusErrors.cannotRead(split.path(), e);
    }
  }

  private static final class Groups extends ParquetReader.Builder<Group> {
    Groups(InputFile file) {
      super(file);
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }

  /** Returns the next record, or empty at the end of the split. */
  Optional<Fields> next() {
    try {
      Group group = reader.read();
      row++;
      return Optional.ofNullable(group).map(GroupFields::new);
    } catch (IOException | RuntimeException e) {
      // Drops message and cause: a decoder may quote the value that it could not decode.
      throw CorpusErrors.cannotDecode(split.path(), row + 1, e.getClass().getSimpleName());
    }
  }

  /** Number of the record in its file, from 1. */
  long row() {
    return row;
  }

  /** Returns the record as JSON, for the quarantine. */
  static byte[] raw(Fields fields) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (String name : fields.names()) {
      node.put(name, fields.field(name).text());
    }
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Checks the columns and returns a split for each row group. */
  static List<InputSplit> splits(InputSplit whole, FieldNames names, Configuration configuration) {
    ParquetMetadata footer;
    try {
      footer = footer(new Path(whole.path()), configuration);
    } catch (IOException | RuntimeException e) {
      throw CorpusErrors.cannotRead(whole.path(), e);
    }
    checkColumns(footer.getFileMetaData().getSchema(), names, whole.path());
    List<InputSplit> splits = new ArrayList<>();
    long row = 1;
    for (BlockMetaData block : footer.getBlocks()) {
      splits.add(whole.part(splits.size(), block.getStartingPos(), block.getCompressedSize(), row));
      row += block.getRowCount();
    }
    return splits;
  }

  private static ParquetMetadata footer(Path path, Configuration configuration) throws IOException {
    try (ParquetFileReader file = ParquetFileReader.open(StoredFile.at(path, configuration))) {
      return file.getFooter();
    }
  }

  private static void checkColumns(MessageType schema, FieldNames names, String path) {
    List<String> present = schema.getFields().stream().map(Type::getName).toList();
    for (String name : List.of(names.prompt(), names.completion())) {
      if (!schema.containsField(name)) {
        throw CorpusErrors.noSuchField(name, path, present);
      }
      if (!isText(schema.getType(name))) {
        throw CorpusErrors.wrongColumnType(name, path, schema.getType(name).toString());
      }
    }
  }

  private static boolean isText(Type type) {
    return type.isPrimitive()
        && !type.isRepetition(Repetition.REPEATED)
        && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
  }

  private static MessageType projection(MessageType schema, FieldNames names, RowFilter filter) {
    TreeSet<String> wanted = new TreeSet<>(filter.allowed().keySet());
    wanted.addAll(List.of(names.id(), names.prompt(), names.completion(), names.task()));
    return new MessageType(
        schema.getName(),
        schema.getFields().stream().filter(type -> wanted.contains(type.getName())).toList());
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private record GroupFields(Group group) implements Fields {
    @Override
    public Field field(String name) {
      GroupType type = group.getType();
      if (!type.containsField(name) || group.getFieldRepetitionCount(name) == 0) {
        return Field.ABSENT;
      }
      org.apache.parquet.schema.Type column = type.getType(name);
      if (column.isRepetition(Repetition.REPEATED)) {
        return new Field(Type.LIST, "");
      }
      if (!column.isPrimitive()) {
        return new Field(
            column.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation
                ? Type.LIST
                : Type.OBJECT,
            "");
      }
      return switch (column.asPrimitiveType().getPrimitiveTypeName()) {
        case BINARY ->
            JsonRecords.utf8(group.getBinary(name, 0).getBytes())
                .map(text -> new Field(Type.STRING, text))
                .orElse(new Field(Type.BAD_UTF8, ""));
        case INT32, INT64 -> new Field(Type.INTEGER, valueOf(name));
        case FLOAT -> Field.number(group.getFloat(name, 0), valueOf(name));
        case DOUBLE -> Field.number(group.getDouble(name, 0), valueOf(name));
        case BOOLEAN -> new Field(Type.BOOLEAN, valueOf(name));
        default -> new Field(Type.OTHER, valueOf(name));
      };
    }

    private String valueOf(String name) {
      return group.getValueToString(indexOf(name), 0);
    }

    private int indexOf(String name) {
      return group.getType().getFieldIndex(name);
    }

    @Override
    public List<String> names() {
      return group.getType().getFields().stream()
          .map(org.apache.parquet.schema.Type::getName)
          .toList();
    }
  }
}
