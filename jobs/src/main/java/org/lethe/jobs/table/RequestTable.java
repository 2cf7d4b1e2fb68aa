package org.lethe.jobs.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.lethe.corpus.table.TableName;
import org.lethe.corpus.table.Tables;
import org.lethe.error.TableErrors;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/**
 * Erasure requests from a table, with the columns id, forget (a text, or a list of texts, each a
 * file or a table), and if needed gates (a JSON object) and status. Rows with a status other than
 * open are left out. The requests are in the order of their ids.
 */
final class RequestTable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String OPEN = "open";

  private final SparkSession session;
  private final RunDirectory directory;

  RequestTable(SparkSession session, RunDirectory directory) {
    this.session = session;
    this.directory = directory;
  }

  /**
   * {@code tables/requests.json}, so that a second start answers the same requests.
   *
   * @param format version of this document
   * @param table name of the table with the version that was read
   * @param requests value of lethe.requests
   */
  record Document(int format, String table, List<Entry> requests) {}

  /**
   * A request.
   *
   * @param gates JSON object, or empty for those of the run
   */
  record Entry(String id, List<String> forget, Optional<String> gates) {}

  /** Returns the override of lethe.requests. */
  String requests(TableName table) {
    Path file = directory.below("tables/requests.json");
    if (!Documents.exists(directory.fileSystem(), file)) {
      Tables tables = new Tables(session);
      TableName pinned = tables.pinned(table);
      Documents.write(
          directory.fileSystem(),
          file,
          new Document(1, pinned.toString(), read(pinned, tables.rows(pinned))));
    }
    Document document = Documents.read(directory.fileSystem(), file, Document.class);
    ArrayNode entries = JSON.createArrayNode();
    for (Entry entry : document.requests()) {
      ObjectNode request = entries.addObject().put("id", entry.id());
      entry.forget().forEach(request.putArray("forget")::add);
      entry.gates().ifPresent(gates -> request.set("gates", nested(gates, document, entry)));
    }
    return "lethe.requests=" + entries;
  }

  private static List<Entry> read(TableName table, Dataset<Row> rows) {
    List<String> columns = Arrays.asList(rows.columns());
    for (String needed : List.of("id", "forget")) {
      if (!columns.contains(needed)) {
        throw TableErrors.noRequestColumn(needed, table.toString(), columns.toString());
      }
    }
    List<Entry> entries = new ArrayList<>();
    for (Row row : rows.collectAsList()) {
      boolean open = !columns.contains("status") || OPEN.equals(row.getAs("status"));
      if (open) {
        String id = String.valueOf((Object) row.getAs("id"));
        entries.add(new Entry(id, forget(row, id, table), gates(row, columns)));
      }
    }
    if (entries.isEmpty()) {
      throw TableErrors.noRequests(table.toString());
    }
    entries.sort(Comparator.comparing(Entry::id));
    return entries;
  }

  private static List<String> forget(Row row, String id, TableName table) {
    int column = row.fieldIndex("forget");
    if (row.isNullAt(column)) {
      throw TableErrors.invalidRequest(table.toString(), id, "forget is null");
    }
    Object value = row.get(column);
    return value instanceof String text ? List.of(text) : row.getList(column);
  }

  private static Optional<String> gates(Row row, List<String> columns) {
    return columns.contains("gates") ? Optional.ofNullable(row.getAs("gates")) : Optional.empty();
  }

  /** A JSON object as HOCON reads it: dots in names separate levels. */
  private static ObjectNode nested(String gates, Document document, Entry entry) {
    try {
      JsonNode node = JSON.readTree(gates);
      if (node.isObject()) {
        ObjectNode result = JSON.createObjectNode();
        nest(node, result);
        return result;
      }
    } catch (JsonProcessingException e) {
      // Described below: the parser's message quotes the value.
    }
    throw TableErrors.invalidRequest(
        document.table(),
        entry.id(),
        "gates is not a JSON object such as" + " {\"forget.rouge-l-recall.at-most\": 0.3}");
  }

  private static void nest(JsonNode from, ObjectNode to) {
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      ObjectNode level = to;
      String[] path = field.getKey().split("[.]");
      for (int i = 0; i < path.length - 1; i++) {
        level = below(level, path[i]);
      }
      String last = path[path.length - 1];
      if (field.getValue().isObject()) {
        nest(field.getValue(), below(level, last));
      } else {
        level.set(last, field.getValue());
      }
    }
  }

  private static ObjectNode below(ObjectNode level, String name) {
    return level.get(name) instanceof ObjectNode found ? found : level.putObject(name);
  }
}
