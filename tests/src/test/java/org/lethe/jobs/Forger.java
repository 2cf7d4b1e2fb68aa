package org.lethe.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.lethe.audit.RecordedExtraction;
import org.lethe.audit.RecordedFigures;
import org.lethe.corpus.AttackRows;
import org.lethe.corpus.EvaluationRows;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.RecomputedRow;
import org.lethe.evaluation.attack.AttackRow;
import org.lethe.evaluation.attack.Quantity;
import org.lethe.report.ModelCard;
import org.lethe.run.Accountability.Means;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;

/** Changes a finished run as a forger would: documents, rows, and everything that names them. */
final class Forger {
  static final String RECORD = "record.json";
  static final String LAST = "records/0001.json";

  private static final JsonMapper JSON = new JsonMapper();

  private Forger() {}

  static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode document = (ObjectNode) JSON.readTree(file.toFile());
    change.accept(document);
    Files.writeString(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n");
  }

  static String digest(JsonNode configuration) {
    TreeMap<String, String> entries = new TreeMap<>();
    configuration.properties().forEach(e -> entries.put(e.getKey(), e.getValue().asText()));
    return Digests.of(entries);
  }

  static EvaluationRow with(EvaluationRow row, String generated, Metric metric, double value) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    metrics.putAll(row.metrics());
    metrics.put(metric, value);
    return row(row, generated, metrics);
  }

  /** A row whose figures follow from another text. */
  static EvaluationRow recited(EvaluationRow row, String generated) {
    return RecomputedRow.of(row(row, generated, row.metrics()));
  }

  private static EvaluationRow row(
      EvaluationRow row, String generated, Map<Metric, Double> metrics) {
    return new EvaluationRow(
        row.set(),
        row.id(),
        row.task(),
        row.prompt(),
        row.expected(),
        Optional.of(generated),
        row.tokens(),
        metrics);
  }

  /** A row that was asked something else, and whose figures follow from its texts. */
  static EvaluationRow asked(EvaluationRow row, String prompt) {
    return new EvaluationRow(
        row.set(),
        row.id(),
        row.task(),
        prompt,
        row.expected(),
        row.generated(),
        row.tokens(),
        row.metrics());
  }

  /** Makes configuration and record name no key that signs, as of a run that was never signed. */
  static void unsigned(Path directory) throws IOException {
    List<String> keys = List.of("lethe.release.signing-key", "lethe.release.signing-command");
    edit(
        directory.resolve("run.json"),
        document -> ((ObjectNode) document.path("configuration")).remove(keys));
    edit(
        directory.resolve(LAST),
        record -> {
          ObjectNode configuration = (ObjectNode) record.path("configuration");
          configuration.remove(keys);
          record.put("configuration_digest", digest(configuration));
          ((ObjectNode) record.path("evidence").path("files"))
              .put("run.json", digest(directory.resolve("run.json")));
          ((ObjectNode) record.path("output_model")).remove(ModelCard.FILE);
        });
    ErasureRecord record =
        Documents.read(
            SignedRun.open(directory).fileSystem(),
            SignedRun.open(directory).below(LAST),
            ErasureRecord.class);
    Path card = directory.resolve("model/" + ModelCard.FILE);
    Files.writeString(card, ModelCard.of(record));
    edit(
        directory.resolve(LAST),
        document -> ((ObjectNode) document.path("output_model")).put(ModelCard.FILE, digest(card)));
    Files.copy(
        directory.resolve(LAST), directory.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Changes the forget rows of the evaluation after unlearning, and its summary. */
  static void rewriteRows(Path directory, UnaryOperator<EvaluationRow> change) {
    changeRows(directory, row -> Optional.of(change.apply(row)));
  }

  /** As {@link #rewriteRows}; a change may also drop a row. */
  static void changeRows(Path directory, Function<EvaluationRow, Optional<EvaluationRow>> change) {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(directory.resolve("evaluation/after/rows.parquet").toUri());
    Configuration hadoop = new Configuration();
    List<EvaluationRow> rows = new ArrayList<>();
    for (EvaluationRow row : EvaluationRows.read(file, hadoop)) {
      (row.set().equals("forget") ? change.apply(row) : Optional.of(row)).ifPresent(rows::add);
    }
    try {
      Files.delete(directory.resolve("evaluation/after/rows.parquet"));
      EvaluationRows.write(rows, file, hadoop);
      Path summary = directory.resolve("evaluation/after/summary.json");
      long seed = JSON.readTree(summary.toFile()).path("seed").asLong();
      Files.writeString(
          summary,
          JSON.writerWithDefaultPrettyPrinter()
                  .writeValueAsString(EvaluationSummary.of(rows, seed).toJson())
              + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes manifest and record agree with rows and summary, as a careful forger would. */
  static void seal(Path directory) throws IOException {
    Path evaluation = directory.resolve("evaluation/after");
    edit(
        evaluation.resolve("manifest.json"),
        manifest -> {
          for (String name : List.of("rows.parquet", "summary.json")) {
            ((ObjectNode) manifest.path("outputs")).put(name, digest(evaluation.resolve(name)));
          }
        });
    EvaluationFigures after =
        EvaluationSummary.fromJson(JSON.readTree(evaluation.resolve("summary.json").toFile()))
            .states();
    EvaluationFigures before =
        EvaluationSummary.fromJson(
                JSON.readTree(directory.resolve("evaluation/before/summary.json").toFile()))
            .states();
    List<EvaluationRow> rows =
        EvaluationRows.read(
            new org.apache.hadoop.fs.Path(evaluation.resolve("rows.parquet").toUri()),
            new Configuration());
    edit(
        directory.resolve(LAST),
        record -> {
          ObjectNode files = (ObjectNode) record.path("evidence").path("files");
          for (String name : List.of("manifest.json", "rows.parquet", "summary.json")) {
            files.put("evaluation/after/" + name, digest(evaluation.resolve(name)));
          }
          record.set("after", JSON.valueToTree(after.means()));
          TreeMap<String, String> reasons = new TreeMap<>();
          record
              .path("not_measured")
              .properties()
              .forEach(e -> reasons.put(e.getKey(), e.getValue().asText()));
          reasons.keySet().removeIf(name -> name.startsWith("after."));
          reasons.putAll(RecordedFigures.notMeasured(EvaluationFigures.NONE, after));
          record.set("not_measured", JSON.valueToTree(reasons));
          ObjectNode intervals = (ObjectNode) record.path("evidence").path("intervals");
          List<String> names = new ArrayList<>();
          intervals.fieldNames().forEachRemaining(names::add);
          names.stream().filter(name -> name.startsWith("after.")).forEach(intervals::remove);
          RecordedFigures.intervals(EvaluationFigures.NONE, after)
              .forEach((name, interval) -> intervals.set(name, JSON.valueToTree(interval)));
          extraction(record, before, after);
          record
              .path("examples")
              .forEach(
                  example ->
                      rows.stream()
                          .filter(row -> row.id().equals(example.path("id").asText()))
                          .filter(row -> row.set().equals(example.path("set").asText()))
                          .forEach(
                              row -> {
                                ObjectNode figures = ((ObjectNode) example).putObject("after");
                                row.metrics().forEach((m, v) -> figures.put(m.key(), v));
                              }));
        });
    Files.copy(
        directory.resolve(LAST), directory.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Changes a quantity of the first attack row that has it. */
  static void rewriteAttacks(Path directory, String attacks, Quantity quantity, double value)
      throws IOException {
    Path file = directory.resolve(attacks + "rows.parquet");
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
    List<AttackRow> rows = new ArrayList<>(AttackRows.read(path, new Configuration()));
    for (int i = 0; i < rows.size(); i++) {
      AttackRow row = rows.get(i);
      // A figure of the others keeps only the best of several attempts.
      boolean counts = row.attack().equals("direct") || row.attack().equals("relearn");
      boolean after = row.attack().equals("direct") || row.variant() == 1;
      if (counts && after && row.quantities().containsKey(quantity)) {
        Map<Quantity, Double> changed = new EnumMap<>(row.quantities());
        changed.put(quantity, value);
        rows.set(
            i,
            new AttackRow(
                row.attack(),
                row.variant(),
                row.set(),
                row.id(),
                row.tokens(),
                row.texts(),
                changed,
                row.missing()));
        break;
      }
    }
    Files.delete(file);
    AttackRows.write(rows, path, new Configuration());
  }

  /** Makes manifest and record name the changed files, as a forger would. */
  static void sealAttacks(Path directory, String attacks) throws IOException {
    edit(
        directory.resolve(attacks + "manifest.json"),
        manifest -> {
          for (String name : List.of("rows.parquet", "summary.json")) {
            ((ObjectNode) manifest.path("outputs"))
                .put(name, digest(directory.resolve(attacks + name)));
          }
        });
    edit(
        directory.resolve("records/0002.json"),
        record -> {
          ObjectNode files = (ObjectNode) record.path("evidence").path("files");
          for (String name : List.of("manifest.json", "rows.parquet", "summary.json")) {
            files.put(attacks + name, digest(directory.resolve(attacks + name)));
          }
        });
    Files.write(
        directory.resolve(RECORD), Files.readAllBytes(directory.resolve("records/0002.json")));
  }

  static void extraction(ObjectNode record, EvaluationFigures before, EvaluationFigures after) {
    ArrayNode extraction = ((ObjectNode) record.path("accountability")).putArray("extraction");
    for (Means means : RecordedExtraction.of(before, after)) {
      ObjectNode entry =
          extraction
              .addObject()
              .put("kind", means.kind())
              .put("means", means.means())
              .put("figure", means.figure())
              .put("after", means.after())
              .put("low", means.low())
              .put("high", means.high())
              .put("rows", means.rows());
      means.before().ifPresent(value -> entry.put("before", value));
    }
  }

  static String digest(Path file) {
    try {
      return Digests.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
