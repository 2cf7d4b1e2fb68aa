package org.lethe.jobs.study;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.benchmark.BenchmarkItems;
import org.lethe.corpus.benchmark.ChoiceData;
import org.lethe.corpus.benchmark.MuseData;
import org.lethe.corpus.benchmark.TextData;
import org.lethe.corpus.benchmark.TofuData;
import org.lethe.error.BenchmarkErrors;
import org.lethe.evaluation.benchmark.BenchmarkItem;
import org.lethe.evaluation.benchmark.MuseBenchmark;
import org.lethe.jobs.config.Choices;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.study.StudyFold.Kind;

/**
 * The data of a study: the corpora to train on, and further sets to evaluate.
 *
 * @param name of the benchmark
 * @param corpus keys of lethe.corpus that the benchmark sets, key=value
 * @param items sources of the further sets
 * @param evaluatesShards whether the corpora themselves are evaluated, as sets forget and retain
 * @param newTokens limits of generated tokens, for sets that have their own
 * @param gradients sets whose gradient norm is measured
 * @param folds parts of the forget set that are unlearned separately
 */
public record BenchmarkSource(
    String name,
    List<String> corpus,
    List<BenchmarkItems> items,
    boolean evaluatesShards,
    Map<String, Integer> newTokens,
    Set<String> gradients,
    List<StudyFold> folds) {
  static final Choices<Boolean> YES_OR_NO = Choices.of("yes", true).or("no", false);

  private static final String PREFIX = "lethe.benchmark.";

  /** Benchmarks that a study can compare methods on. Register new ones here. */
  private static final Choices<Entry> BENCHMARKS =
      Choices.of("tofu", new Entry("tofu.data", BenchmarkSource::tofu))
          .or("lume", new Entry("lume.forget", BenchmarkSource::lume))
          .or("muse", new Entry("muse.data", BenchmarkSource::muse));

  private static final Choices<String> TOFU_RETAIN_SETS =
      Choices.of("forget01", "retain99").or("forget05", "retain95").or("forget10", "retain90");

  /**
   * A benchmark.
   *
   * @param data the key that says where its data is
   * @param source reads its keys
   */
  private record Entry(String data, Function<ConfigurationReader, BenchmarkSource> source) {}

  /** The names of all benchmarks that a study can compare methods on. */
  public static List<String> names() {
    return BENCHMARKS.names();
  }

  /** The names of the benchmarks whose data is configured. */
  public static List<String> configured(org.lethe.jobs.config.Configuration configuration) {
    ConfigurationReader reader = configuration.reader();
    return names().stream()
        .filter(name -> reader.text(PREFIX + entry(name).data).isPresent())
        .toList();
  }

  /**
   * @throws org.lethe.error.LetheException USAGE if no benchmark has this name
   */
  static BenchmarkSource read(String name, ConfigurationReader reader) {
    return entry(name).source.apply(reader);
  }

  private static Entry entry(String name) {
    return BENCHMARKS.find(name).orElseThrow(() -> BenchmarkErrors.unknown(name, names()));
  }

  private static BenchmarkSource tofu(ConfigurationReader reader) {
    String prefix = PREFIX + "tofu.";
    URI folder = Uris.of(reader.required(prefix + "data", "the folder with TOFU's JSON files"));
    String retain = reader.choice(prefix + "forget", TOFU_RETAIN_SETS);
    String forget = reader.text(prefix + "forget").orElse("");
    int rows = reader.integer(prefix + "rows", 0, Integer.MAX_VALUE);
    Optional<String> holdout = reader.text(prefix + "holdout");
    String base = folder.toString().replaceAll("/*$", "/");
    List<BenchmarkItems> items = new ArrayList<>();
    items.add(new TofuData(folder, forget, holdout, rows));
    addChoices(items, reader);
    return new BenchmarkSource(
        "tofu",
        List.of(
            "lethe.corpus.forget=" + base + forget + ".json",
            "lethe.corpus.retain=" + base + retain + ".json",
            "lethe.corpus.prompt-field=question",
            "lethe.corpus.completion-field=answer",
            "lethe.corpus.limit=" + rows),
        items,
        false,
        unanswered(items),
        gradients(reader, holdout.isPresent(), "forget", "holdout"),
        List.of());
  }

  private static BenchmarkSource lume(ConfigurationReader reader) {
    String prefix = PREFIX + "lume.";
    List<BenchmarkItems> items = new ArrayList<>();
    for (String set : List.of("member", "nonmember")) {
      reader
          .text(prefix + set)
          .ifPresent(file -> items.add(new TextData("lume", set, Uris.of(file), "document")));
    }
    boolean members = items.size() == 2;
    addChoices(items, reader);
    List<String> tasks = reader.texts(prefix + "tasks");
    List<String> corpus = new ArrayList<>();
    corpus.add("lethe.corpus.forget=" + reader.required(prefix + "forget", "LUME's forget.jsonl"));
    corpus.add("lethe.corpus.retain=" + reader.required(prefix + "retain", "LUME's retain.jsonl"));
    corpus.add("lethe.corpus.limit=" + reader.integer(prefix + "rows", 0, Integer.MAX_VALUE));
    if (!tasks.isEmpty()) {
      corpus.add("lethe.corpus.where={task = [" + String.join(", ", tasks) + "]}");
    }
    return new BenchmarkSource(
        "lume",
        corpus,
        items,
        true,
        unanswered(items),
        gradients(reader, members, "member", "nonmember"),
        List.of());
  }

  private static BenchmarkSource muse(ConfigurationReader reader) {
    String prefix = PREFIX + "muse.";
    URI folder = Uris.of(reader.required(prefix + "data", "the folder of MUSE News or Books"));
    List<BenchmarkItems> items = new ArrayList<>();
    items.add(new MuseData(folder));
    addChoices(items, reader);
    Map<String, Integer> newTokens = unanswered(items);
    newTokens.putAll(MuseData.NEW_TOKENS);
    return new BenchmarkSource(
        "muse",
        List.of(
            "lethe.corpus.forget=" + reader.required(prefix + "forget", "the texts to forget"),
            "lethe.corpus.retain=" + reader.required(prefix + "retain", "the texts to keep"),
            "lethe.corpus.limit=" + reader.integer(prefix + "rows", 0, Integer.MAX_VALUE)),
        items,
        false,
        newTokens,
        gradients(
            reader, true, MuseBenchmark.PRIVLEAK + "forget", MuseBenchmark.PRIVLEAK + "holdout"),
        folds(reader));
  }

  private static List<StudyFold> folds(ConfigurationReader reader) {
    List<StudyFold> folds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int number = 0;
      for (String file : reader.texts(PREFIX + "muse." + kind.label())) {
        number++;
        folds.add(new StudyFold(kind, number, Uris.of(file).toString()));
      }
    }
    return folds;
  }

  private static void addChoices(List<BenchmarkItems> items, ConfigurationReader reader) {
    for (String name : List.of("mmlu", "wmdp")) {
      String prefix = PREFIX + name + ".";
      int shots = reader.integer(prefix + "shots", 0, 100);
      int rows = reader.integer(prefix + "rows", 0, Integer.MAX_VALUE);
      reader
          .text(prefix + "data")
          .ifPresent(folder -> items.add(new ChoiceData(name, Uris.of(folder), shots, rows)));
    }
    reader
        .text(PREFIX + "text")
        .ifPresent(file -> items.add(new TextData("text", "text", Uris.of(file), "text")));
  }

  /** The sets of members and of others, if both exist and gradients are configured. */
  private static Set<String> gradients(
      ConfigurationReader reader, boolean measured, String members, String others) {
    boolean wanted = reader.choice(PREFIX + "gradient-norm", YES_OR_NO);
    return wanted && measured ? Set.of(members, others) : Set.of();
  }

  /** Sets that need losses only, with a limit of no tokens. */
  private static Map<String, Integer> unanswered(List<BenchmarkItems> items) {
    Map<String, Integer> none = new LinkedHashMap<>();
    items.forEach(source -> source.unanswered().forEach(set -> none.put(set, 0)));
    return none;
  }

  /** All items. */
  List<BenchmarkItem> read(Configuration hadoop) {
    return items.stream().flatMap(source -> source.items(hadoop).stream()).toList();
  }

  /** The files that the items come from. */
  public List<URI> files(Configuration hadoop) {
    return items.stream().flatMap(source -> source.files(hadoop).stream()).distinct().toList();
  }
}
