package org.lethe.jobs;

import static org.lethe.jobs.Forger.LAST;
import static org.lethe.jobs.Forger.RECORD;
import static org.lethe.jobs.Forger.digest;
import static org.lethe.jobs.Forger.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.lethe.audit.RecordedFigures;
import org.lethe.corpus.AttackRows;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.attack.AttackRow;
import org.lethe.evaluation.attack.AttackSummary;

/** Changes what attacks found, and makes everything that follows from it agree. */
final class AttackForger {
  private static final JsonMapper JSON = new JsonMapper();

  private AttackForger() {}

  /** Keeps some attempts of an evaluation by attacks, and summarises them with this seed. */
  static void summarise(Path directory, String when, Predicate<AttackRow> kept, long seed)
      throws IOException {
    Path folder = directory.resolve("evaluation/attacks-" + when);
    Path file = folder.resolve("rows.parquet");
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
    List<AttackRow> rows =
        AttackRows.read(path, new Configuration()).stream().filter(kept).toList();
    Files.delete(file);
    AttackRows.write(rows, path, new Configuration());
    AttackSummary was = AttackSummary.fromJson(summary(folder));
    AttackSummary summary =
        AttackSummary.of(rows, seed, was.rows(), was.plannedShare(), was.referenceArea());
    Files.writeString(
        folder.resolve("summary.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary.toJson()) + "\n");
    seal(directory, folder);
  }

  private static void seal(Path directory, Path folder) throws IOException {
    edit(
        folder.resolve("manifest.json"),
        manifest -> {
          for (String name : List.of("rows.parquet", "summary.json")) {
            ((ObjectNode) manifest.path("outputs")).put(name, digest(folder.resolve(name)));
          }
        });
    EvaluationFigures before = figures(directory, "before");
    EvaluationFigures after = figures(directory, "after");
    edit(
        directory.resolve(LAST),
        record -> {
          ObjectNode evidence = (ObjectNode) record.path("evidence");
          for (String name : List.of("manifest.json", "rows.parquet", "summary.json")) {
            Path file = folder.resolve(name);
            ((ObjectNode) evidence.path("files"))
                .put(directory.relativize(file).toString(), digest(file));
          }
          record.set("before", JSON.valueToTree(before.means()));
          record.set("after", JSON.valueToTree(after.means()));
          record.set("not_measured", JSON.valueToTree(RecordedFigures.notMeasured(before, after)));
          evidence.set("intervals", JSON.valueToTree(RecordedFigures.intervals(before, after)));
          Forger.extraction(record, before, after);
        });
    Files.copy(
        directory.resolve(LAST), directory.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
  }

  private static EvaluationFigures figures(Path directory, String when) throws IOException {
    return EvaluationSummary.fromJson(summary(directory.resolve("evaluation/" + when)))
        .states()
        .and(
            EvaluationSummary.fromJson(summary(directory.resolve("evaluation/unseen-" + when)))
                .states())
        .and(
            AttackSummary.fromJson(summary(directory.resolve("evaluation/attacks-" + when)))
                .figures());
  }

  private static JsonNode summary(Path folder) throws IOException {
    return JSON.readTree(folder.resolve("summary.json").toFile());
  }
}
