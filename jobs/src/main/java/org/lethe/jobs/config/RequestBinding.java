package org.lethe.jobs.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.lethe.corpus.shard.ShardSettings.Overlap;
import org.lethe.run.Gate;

/** Binds lethe.requests: erasure requests that one run answers one after another. */
public final class RequestBinding {
  /** Key of a table that takes the place of lethe.requests. */
  public static final String TABLE = "lethe.tables.requests";

  private static final String KEY = "lethe.requests";
  private static final Set<String> KEYS = new TreeSet<>(Set.of("id", "forget", "gates"));

  private RequestBinding() {}

  /**
   * One request.
   *
   * @param id of the request, its folder and its line in the record
   * @param overrides of the run's configuration, key=value
   */
  public record Request(String id, List<String> overrides) {
    public Request {
      overrides = List.copyOf(overrides);
    }
  }

  /** Number of consecutive requests that are unlearned together. */
  public static int atOnce(ConfigurationReader reader) {
    return reader.integer("lethe.requests-at-once", 1, 100_000);
  }

  /** Whether a configuration is that of a batch of requests. */
  static boolean isBatch(ConfigurationReader reader) {
    return !reader.texts("lethe.corpus.forget-tasks").isEmpty();
  }

  /** Whether a request has a gate that compares with unseen rows. */
  static boolean compareWithUnseen(ConfigurationReader reader) {
    return reader.entries(KEY).stream()
        .filter(entry -> entry.names().contains("gates"))
        .anyMatch(entry -> entry.rendered("gates").contains("like-unseen"));
  }

  /** The gates of a configuration. */
  public static List<Gate> gates(Configuration configuration) {
    ConfigurationReader reader = configuration.reader();
    List<Gate> gates = GateBinding.read(reader);
    reader.done();
    return gates;
  }

  /** The requests in their order; empty if the run answers a single request. */
  public static List<Request> read(ConfigurationReader reader, List<Stage> stages) {
    List<ConfigurationReader> entries = reader.entries(KEY);
    List<Request> requests = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      Request request = request(entries.get(i), KEY + "[" + i + "]");
      if (!ids.add(request.id())) {
        reader.problem(KEY, "ids that differ; \"" + request.id() + "\" is given twice");
      }
      requests.add(request);
    }
    if (!requests.isEmpty() && areInTable(reader)) {
      reader.problem(TABLE, "null with lethe.requests, or no lethe.requests");
    }
    if (!requests.isEmpty() || areInTable(reader)) {
      checkTogether(reader, stages);
    }
    if (atOnce(reader) > 1 && ids.stream().anyMatch(id -> id.startsWith("batch-"))) {
      reader.problem("lethe.requests-at-once", "1 with ids that begin with batch-");
    }
    return requests;
  }

  /** Whether the requests are not known yet, because they come from a table. */
  public static boolean areInTable(ConfigurationReader reader) {
    return reader.text(TABLE).isPresent();
  }

  /** Returns the forget files of all requests. */
  public static List<String> files(ConfigurationReader reader) {
    return reader.entries(KEY).stream()
        .filter(entry -> entry.names().contains("forget"))
        .flatMap(entry -> entry.listOrText("forget").stream())
        .distinct()
        .toList();
  }

  /**
   * Returns the override of lethe.requests with other forget files; empty if all stay the same.
   *
   * @param file the file in place of another one
   */
  public static Optional<String> withFiles(ConfigurationReader reader, UnaryOperator<String> file) {
    List<String> entries = new ArrayList<>();
    boolean changed = false;
    for (ConfigurationReader entry : reader.entries(KEY)) {
      List<String> given = entry.listOrText("forget");
      List<String> files = given.stream().map(file).toList();
      changed |= !files.equals(given);
      String gates = entry.names().contains("gates") ? ", gates = " + entry.rendered("gates") : "";
      entries.add(
          "{id = "
              + entry.rendered("id")
              + ", forget = "
              + ConfigurationReader.rendered(files)
              + gates
              + "}");
    }
    return changed ? Optional.of(KEY + "=[" + String.join(", ", entries) + "]") : Optional.empty();
  }

  private static Request request(ConfigurationReader entry, String name) {
    for (String key : entry.names()) {
      if (!KEYS.contains(key)) {
        entry.unknown(key, KEYS);
      }
    }
    String id = entry.names().contains("id") ? entry.text("id").orElse("") : "";
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}") || id.contains("..")) {
      entry.invalid(name + ".id", "a name of letters, digits, '.', '_' and '-'");
      id = "request";
    }
    List<String> forget = entry.names().contains("forget") ? entry.listOrText("forget") : List.of();
    if (forget.isEmpty()) {
      entry.invalid(name + ".forget", "the files to forget");
    }
    List<String> overrides = new ArrayList<>();
    overrides.add("lethe.request-id=" + id);
    overrides.add("lethe.corpus.forget=" + ConfigurationReader.rendered(forget));
    if (entry.names().contains("gates")) {
      overrides.add("lethe.gates=" + entry.rendered("gates"));
    }
    return new Request(id, overrides);
  }

  /** Checks the other keys, which requests restrict. */
  private static void checkTogether(ConfigurationReader reader, List<Stage> stages) {
    List<Stage> needed = List.of(Stage.SHARD, Stage.UNLEARN, Stage.EVALUATE, Stage.RELEASE);
    if (!stages.containsAll(needed)) {
      reader.problem(
          KEY,
          "the pipeline command with the stages shard, unlearn, evaluate and release, since each"
              + " request begins with the model that the one before released");
    }
    if (RevealedData.isConfigured(reader)) {
      reader.problem(
          "lethe.reveal.cards", "[], since each of " + KEY + " has its own forget files");
    }
    if (!reader.texts("lethe.corpus.forget").isEmpty()) {
      reader.problem(
          "lethe.corpus.forget", "[], since each of " + KEY + " has its own forget files");
    }
    if (CorpusBinding.overlap(reader) == Overlap.DROP_FROM_RETAIN) {
      // Dropping a request's own rows is not enough: the next request would teach them again.
      reader.problem(
          "lethe.shard.overlap",
          "refuse, since all of " + KEY + " share the retain files; take the rows out of these");
    }
    StartingAdapter.requireMerged(
        reader, "the next of " + KEY + " begins with the weights that were released");
    if (AdapterBinding.isLora(reader)
        && UnlearnPlan.LoraRelease.read(reader) == UnlearnPlan.LoraRelease.ADAPTER) {
      reader.problem(
          "lethe.release.lora",
          "merged, since the next of " + KEY + " begins with the weights that were released");
    }
  }
}
