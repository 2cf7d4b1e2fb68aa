package org.lethe.corpus.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.EvaluationRows;
import org.lethe.error.BenchmarkErrors;
import org.lethe.error.CorpusErrors;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.ReferenceLosses;
import org.lethe.evaluation.benchmark.Benchmark;
import org.lethe.evaluation.benchmark.LumeBenchmark;
import org.lethe.evaluation.benchmark.Samples;
import org.lethe.evaluation.benchmark.TofuBenchmark;
import org.lethe.evaluation.benchmark.TofuLog;
import org.lethe.store.FileSystems;

/**
 * Reads rows of an evaluation, by Lethe or by other tools, as samples of a benchmark:
 *
 * <ul>
 *   <li>rows.parquet, or JSON Lines with the same fields (data-schemas/evaluation-row);
 *   <li>eval_log_aggregated.json of TOFU's original repository;
 *   <li>result rows of SemEval-2025 Task 4, the organisers' CSV files (see {@link SemEvalTable}) or
 *       JSON Lines (data-schemas/semeval-row), with the set in field {@code set} or {@code split},
 *       or otherwise in the file's name.
 * </ul>
 */
public final class BenchmarkRows {
  private static final JsonMapper JSON = new JsonMapper();
  private static final byte[] PARQUET = {'P', 'A', 'R', '1'};
  private static final List<String> SETS_OF_FILES =
      List.of("forget", "retain", LumeBenchmark.MEMBER, LumeBenchmark.NONMEMBER);

  private BenchmarkRows() {}

  /**
   * Reads the files together.
   *
   * @throws org.lethe.error.LetheException INPUT if a file cannot be read, or if the files contain
   *     no rows of the benchmark
   */
  public static Samples read(Benchmark benchmark, List<URI> files, Configuration hadoop) {
    return read(benchmark, files, List.of(), hadoop);
  }

  /**
   * Reads the files together with the rows of a reference model, for scores that compare the two.
   *
   * @param reference files with the same rows, scored by the reference model; empty omits such
   *     scores
   */
  public static Samples read(
      Benchmark benchmark, List<URI> files, List<URI> reference, Configuration hadoop) {
    Content content = content(benchmark, files, hadoop);
    if (content.log.isPresent()) {
      return content.log.get();
    }
    List<EvaluationRow> rows =
        ReferenceLosses.fill(content.rows, content(benchmark, reference, hadoop).rows);
    Samples samples = benchmark.samples(rows.stream().sorted(EvaluationRow.ORDER).toList());
    if (samples.groups().isEmpty()) {
      throw BenchmarkErrors.noFigures(benchmark.name(), files.toString());
    }
    return samples;
  }

  /** Content of files: rows, or a TOFU log, which has samples of its own. */
  private record Content(List<EvaluationRow> rows, Optional<Samples> log) {}

  private static Content content(Benchmark benchmark, List<URI> files, Configuration hadoop) {
    List<EvaluationRow> rows = new ArrayList<>();
    for (URI file : files) {
      byte[] bytes = bytes(file, hadoop);
      if (isParquet(bytes)) {
        rows.addAll(EvaluationRows.read(new Path(file), hadoop));
        continue;
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (SemEvalTable.isTable(file)) {
        for (SemEvalTable.Line line : SemEvalTable.read(text, file)) {
          rows.add(row(line.fields(), file, line.number()));
        }
        continue;
      }
      Optional<JsonNode> log = tofuLog(text);
      if (log.isPresent() && benchmark instanceof TofuBenchmark) {
        return new Content(
            List.of(), Optional.of(TofuBenchmark.samplesOf(TofuLog.read(log.get()))));
      }
      addLines(rows, text, file);
    }
    return new Content(rows, Optional.empty());
  }

  private static byte[] bytes(URI file, Configuration hadoop) {
    Path path = new Path(file);
    try (InputStream in = FileSystems.of(path, hadoop).open(path)) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw CorpusErrors.cannotRead(file.toString(), e);
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  private static boolean isParquet(byte[] bytes) {
    for (int i = 0; i < PARQUET.length; i++) {
      if (bytes.length <= i || bytes[i] != PARQUET[i]) {
        return false;
      }
    }
    return true;
  }

  /** A log is a single object of objects. Of JSON Lines, only the first line would parse as one. */
  private static Optional<JsonNode> tofuLog(String text) {
    if (!text.contains("avg_gt_loss")) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(text);
      return node.has("eval_log.json") ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static void addLines(List<EvaluationRow> rows, String text, URI file) {
    long number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (!line.isBlank()) {
        rows.add(row(parsed(line, file, number), file, number));
      }
    }
  }

  private static JsonNode parsed(String line, URI file, long number) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      // Drops Jackson's message, which may quote the text.
      throw BenchmarkErrors.unreadableRows(file.toString(), number, "it is not JSON");
    }
  }

  private static EvaluationRow row(JsonNode node, URI file, long number) {
    String id = text(node, "id").orElseThrow(() -> missing(file, number, "id"));
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      if (node.path(metric.column()).isNumber()) {
        metrics.put(metric, node.path(metric.column()).doubleValue());
      }
    }
    Optional<String> generated = text(node, "generated", "model_output");
    Optional<String> expected = text(node, "expected", "expected_output", "output");
    if (expected.isEmpty() && (generated.isPresent() || metrics.isEmpty())) {
      throw missing(file, number, "expected");
    }
    try {
      return new EvaluationRow(
          text(node, "set", "split")
              .or(() -> setOf(file))
              .orElseThrow(() -> missing(file, number, "set")),
          id,
          text(node, "task").orElse(""),
          text(node, "prompt", "input").orElse(""),
          expected.orElse(""),
          generated,
          node.path("tokens").asLong(0),
          metrics);
    } catch (IllegalArgumentException e) {
      throw BenchmarkErrors.unreadableRows(file.toString(), number, e.getMessage());
    }
  }

  private static RuntimeException missing(URI file, long number, String field) {
    return BenchmarkErrors.unreadableRows(file.toString(), number, "no text in field " + field);
  }

  /** SemEval's script writes one file for each set. */
  private static Optional<String> setOf(URI file) {
    String name = new Path(file).getName();
    return SETS_OF_FILES.stream().filter(name::startsWith).findFirst();
  }

  private static Optional<String> text(JsonNode node, String... names) {
    for (String name : names) {
      if (node.path(name).isTextual()) {
        return Optional.of(node.path(name).textValue());
      }
    }
    return Optional.empty();
  }
}
