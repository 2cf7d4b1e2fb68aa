package org.lethe.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.lethe.audit.RecordedFigures;
import org.lethe.audit.RunVerification;
import org.lethe.corpus.EvaluationRows;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.Gate;
import org.lethe.run.GateReport;
import org.lethe.run.RunDirectory;

/**
 * Time of the verification of a large run directory, beside that of its digests alone. The large
 * run is a copy of a small one with more rows and larger weights. Its record agrees with them.
 *
 * <p>Arguments: a released run directory, a folder for the copy, the number of copies of every row,
 * and the size of each weight file in MiB.
 */
final class VerifyBenchmark {
  private static final int MEBIBYTE = 1 << 20;
  private static final String RECORD = "record.json";
  private static final String FIRST_RECORD = "records/0001.json";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path run;
  private final Configuration hadoop = new Configuration();

  private VerifyBenchmark(Path run) {
    this.run = run;
  }

  public static void main(String[] arguments) throws IOException {
    VerifyBenchmark benchmark = new VerifyBenchmark(Path.of(arguments[1]));
    benchmark.copy(Path.of(arguments[0]));
    long rows = benchmark.enlarge(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
    benchmark.measure(rows);
  }

  private void copy(Path from) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = run.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.getFileName().toString().startsWith(".")) {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /** Returns the number of rows of both evaluations together. */
  private long enlarge(int copies, int mebibytes) throws IOException {
    long rows = enlargeRows("before", copies) + enlargeRows("after", copies);
    for (String folder : List.of("candidate/model", "model")) {
      pad(run.resolve(folder + "/model.safetensors"), mebibytes);
    }
    seal("candidate", List.of("model/model.safetensors"));
    ObjectNode record = object(run.resolve(FIRST_RECORD));
    ((ObjectNode) record.path("output_model"))
        .put("model.safetensors", digest(run.resolve("model/model.safetensors")));
    ObjectNode files = (ObjectNode) record.path("evidence").path("files");
    List<String> names = new ArrayList<>();
    files.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      files.put(name, digest(run.resolve(name)));
    }
    figures(record);
    write(run.resolve(FIRST_RECORD), record);
    Files.copy(run.resolve(FIRST_RECORD), run.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
    return rows;
  }

  private long enlargeRows(String when, int copies) throws IOException {
    Path folder = run.resolve("evaluation/" + when);
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(folder.resolve("rows.parquet").toUri());
    List<EvaluationRow> all = new ArrayList<>();
    for (EvaluationRow row : EvaluationRows.read(file, hadoop)) {
      all.add(row);
      for (int copy = 1; copy < copies; copy++) {
        all.add(
            new EvaluationRow(
                row.set(),
                row.id() + "-" + copy,
                row.task(),
                row.prompt(),
                row.expected(),
                row.generated(),
                row.tokens(),
                row.metrics()));
      }
    }
    Files.delete(folder.resolve("rows.parquet"));
    EvaluationRows.write(all, file, hadoop);
    long seed = object(folder.resolve("summary.json")).path("seed").asLong();
    write(folder.resolve("summary.json"), EvaluationSummary.of(all, seed).toJson());
    seal("evaluation/" + when, List.of("rows.parquet", "summary.json"));
    return all.size();
  }

  /** Appends random bytes, which no reader of this program looks at. */
  private static void pad(Path file, int mebibytes) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[] block = new byte[MEBIBYTE];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }

  private void seal(String folder, List<String> outputs) throws IOException {
    Path file = run.resolve(folder + "/manifest.json");
    ObjectNode manifest = object(file);
    for (String name : outputs) {
      ((ObjectNode) manifest.path("outputs")).put(name, digest(run.resolve(folder).resolve(name)));
    }
    write(file, manifest);
  }

  /** Figures, intervals and gates of the record from the new summaries. */
  private void figures(ObjectNode record) throws IOException {
    EvaluationFigures before = states("before");
    EvaluationFigures after = states("after");
    record.set("before", JSON.valueToTree(before.means()));
    record.set("after", JSON.valueToTree(after.means()));
    record.set("not_measured", JSON.valueToTree(RecordedFigures.notMeasured(before, after)));
    ((ObjectNode) record.path("evidence"))
        .set("intervals", JSON.valueToTree(RecordedFigures.intervals(before, after)));
    List<Gate> gates = new ArrayList<>();
    for (JsonNode gate : record.path("gates")) {
      gates.add(
          new Gate(
              gate.path("figure").asText(),
              Gate.BOUNDS.get(gate.path("kind").asText()).apply(gate.path("limit").asDouble())));
    }
    ArrayNode decided = record.putArray("gates");
    GateReport.of(gates, before, after)
        .outcomes()
        .forEach(outcome -> decided.add(new POJONode(outcome)));
  }

  private EvaluationFigures states(String when) throws IOException {
    return EvaluationSummary.fromJson(object(run.resolve("evaluation/" + when + "/summary.json")))
        .states();
  }

  private void measure(long rows) throws IOException {
    RunDirectory directory = RunDirectory.at(run.toString(), hadoop);
    FileSystem files = directory.fileSystem();
    // The first pass fills the page cache for both.
    for (int pass = 1; pass <= 2; pass++) {
      Times hashing = Times.of(() -> Digests.ofTree(files, directory.root()));
      Times whole = Times.of(() -> RunVerification.verify(directory, hadoop));
      System.out.printf(
          Locale.ROOT,
          "pass %d: %d MiB, %d rows; digests of all files %s, verify %s%n",
          pass,
          bytes() / MEBIBYTE,
          rows,
          hashing,
          whole);
    }
    ErasureRecord record = Documents.read(files, directory.record(), ErasureRecord.class);
    System.out.println("figures with an interval: " + record.evidence().intervals().size());
  }

  private long bytes() throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** Seconds by the clock, and of all processors together, which other work disturbs less. */
  private record Times(double seconds, double processor) {
    static Times of(Runnable work) {
      OperatingSystemMXBean process =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long start = System.nanoTime();
      long busy = process.getProcessCpuTime();
      work.run();
      return new Times(
          (System.nanoTime() - start) / 1e9, (process.getProcessCpuTime() - busy) / 1e9);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f s (processor %.2f s)", seconds, processor);
    }
  }

  private static ObjectNode object(Path file) throws IOException {
    return (ObjectNode) JSON.readTree(file.toFile());
  }

  private static void write(Path file, JsonNode document) throws IOException {
    Documents.write(
        FileSystem.getLocal(new Configuration()).getRawFileSystem(),
        new org.apache.hadoop.fs.Path(file.toUri()),
        document);
  }

  private static String digest(Path file) throws IOException {
    return Digests.ofFile(
        FileSystem.getLocal(new Configuration()).getRawFileSystem(),
        new org.apache.hadoop.fs.Path(file.toUri()));
  }
}
