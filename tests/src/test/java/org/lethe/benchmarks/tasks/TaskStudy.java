package org.lethe.benchmarks.tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.lethe.SparkFixture;
import org.lethe.cluster.reveal.RevealedCorpus;
import org.lethe.corpus.RevealedRows;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.FieldNames;
import org.lethe.jobs.Lethe;
import org.lethe.reveal.RevealedRow;

/**
 * All runs of some tasks and one seed, with the shipped commands in one JVM: a start of Spark takes
 * longer than a run of so small a model. A run that ended is not repeated. Then {@link
 * TaskMeasures} measures the models that its file lacks.
 *
 * <p>Arguments: the folder; the model directory; the study's configuration file; the program of the
 * scorer; the beginning of each line of results.csv; the seed; the tasks.
 */
public final class TaskStudy {
  private static final int ITERATIONS = 2;
  private static final List<String> PENALTIES = List.of("0", "10");

  private final Path results;
  private final Path folder;
  private final Path configuration;
  private final String head;
  private final Path corpus;
  private final String task;
  private final String seed;
  private final List<String> target;

  private TaskStudy(
      Path all, Path configuration, String scorer, String head, String task, String seed) {
    this.results = all.resolve("results.csv");
    this.folder = all.resolve(task + "-" + seed);
    this.configuration = configuration;
    this.head = head;
    this.corpus = folder.resolve("corpus");
    this.task = task;
    this.seed = seed;
    this.target =
        List.of(
            "lethe.model.path=" + folder.resolve("target/finetune/model"),
            "lethe.reveal.cards=" + corpus.resolve(TaskFiles.CARDS),
            "lethe.corpus.retain=" + corpus.resolve("retain.jsonl"),
            "lethe.reveal.seed=" + seed,
            "lethe.unlearn.seed=" + seed,
            "lethe.reveal.release.module.seed=" + seed,
            Task.of(task) instanceof InsultTask
                ? "lethe.reveal.oracles.lexicon=" + corpus.resolve(TaskFiles.LEXICON)
                : String.format(
                    Locale.ROOT,
                    "lethe.reveal.oracles.scorers.form=[\"%s\",tasks.FormScorer,%s]",
                    scorer,
                    task));
  }

  public static void main(String[] arguments) throws IOException {
    Path all = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
    SparkFixture.session(); // every command uses it
    List<TaskStudy> studies = new ArrayList<>();
    for (String task : List.of(arguments).subList(6, arguments.length)) {
      studies.add(
          new TaskStudy(
              all,
              Path.of(arguments[2]).toAbsolutePath(),
              arguments[3],
              arguments[4],
              task,
              arguments[5]));
    }
    for (TaskStudy study : studies) {
      study.train(arguments[1]);
    }
    for (TaskStudy study : studies) {
      study.release();
    }
  }

  private void train(String model) throws IOException {
    TaskFiles.main(new String[] {task, seed, corpus.toString()});
    run(
        "target",
        "finetune",
        List.of(
            "lethe.model.path=" + model,
            "lethe.finetune.seed=" + seed,
            "lethe.corpus.forget=" + corpus.resolve("forget.jsonl"),
            "lethe.corpus.retain=" + corpus.resolve("retain.jsonl")));
    measure("before,,,", folder.resolve("target/finetune/model"));
  }

  private void release() throws IOException {
    run("reveal", "pipeline", List.of("lethe.pipeline.stages=[reveal]"));
    once("blur-true", true, List.of());
    measure("BLUR,,true,1", folder.resolve("blur-true/candidate/model"));
    iterated();
    for (String penalty : PENALTIES) {
      for (boolean isTrue : List.of(true, false)) {
        String rows = isTrue ? "true" : "revealed";
        String run = String.format(Locale.ROOT, "ext-sub-%s-%s", penalty, rows);
        once(
            run,
            isTrue,
            List.of(
                "lethe.reveal.release.method=arithmetic",
                "lethe.reveal.release.arithmetic.orthogonality=" + penalty));
        measure(
            String.format(Locale.ROOT, "Ext-Sub,%s,%s,1", penalty, rows),
            folder.resolve(run).resolve("candidate/model"));
      }
    }
  }

  /** Reveals and releases with BLUR some times. The first iteration has the rows of all methods. */
  private void iterated() throws IOException {
    Path run = folder.resolve("blur-revealed");
    copyRevealed(run.resolve("iterations/01"));
    run(
        "blur-revealed",
        "pipeline",
        List.of(
            "lethe.pipeline.stages=[reveal,shard,unlearn,evaluate,release]",
            "lethe.reveal.iterations=" + ITERATIONS));
    for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
      measure(
          "BLUR,,revealed," + iteration,
          run.resolve(String.format(Locale.ROOT, "iterations/%02d/candidate/model", iteration)));
    }
  }

  /** Releases once from the revealed rows, or from the true ones in their place. */
  private void once(String name, boolean fromTrueRows, List<String> settings) throws IOException {
    Path run = folder.resolve(name);
    if (copyRevealed(run) && fromTrueRows) {
      RevealedRows.write(
          TaskMeasures.rows(corpus.resolve("forget.jsonl")).stream()
              .map(row -> new RevealedRow(row.id(), task, row.task(), row.input(), row.output()))
              .toList(),
          new FieldNames("id", "input", "output", "task"),
          RevealedCorpus.training(
              new org.apache.hadoop.fs.Path(run.resolve("revealed").toUri()), CorpusSet.FORGET),
          new Configuration());
    }
    List<String> all = new ArrayList<>(List.of("lethe.pipeline.stages=[shard,unlearn]"));
    all.addAll(settings);
    run(name, "pipeline", all);
  }

  /** Returns whether the run had no rows yet. */
  private boolean copyRevealed(Path run) throws IOException {
    Path from = folder.resolve("reveal/revealed");
    Path to = run.resolve("revealed");
    if (Files.exists(to)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        Path copy = to.resolve(from.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return true;
  }

  /** Runs a command once; a refused model (4) has its figures too. */
  private void run(String name, String command, List<String> settings) throws IOException {
    Path run = folder.resolve(name);
    Path result = run.resolve("result.json");
    if (Files.exists(result)
        && Files.readString(result).matches("(?s).*\"exit_status\" : [04]\\b.*")) {
      return;
    }
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(command, "--config", configuration.toString(), "--run-dir", run.toString()));
    Stream.concat(command.equals("pipeline") ? target.stream() : Stream.of(), settings.stream())
        .forEach(
            setting -> {
              arguments.add("--set");
              arguments.add(setting);
            });
    int status = Lethe.execute(arguments.toArray(String[]::new));
    System.out.printf(Locale.ROOT, "%s ended with %d%n", run, status);
  }

  /** Measures a model once. */
  private void measure(String label, Path model) throws IOException {
    String found = Files.exists(results) ? Files.readString(results) : "";
    String cell = label + "," + seed;
    if (Files.exists(model) && !found.contains("," + task + "," + cell + ",")) {
      TaskMeasures.main(
          new String[] {
            results.toString(), head, task, corpus.toString(), cell + "=" + model,
          });
    }
  }
}
