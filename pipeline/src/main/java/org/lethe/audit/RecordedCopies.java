package org.lethe.audit;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.table.TableName;
import org.lethe.run.Accountability.Copy;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunFiles;
import org.lethe.run.StageManifest;
import org.lethe.run.retention.Retention;
import org.lethe.run.retention.TextFiles;

/**
 * Copies and derivatives of what was to be forgotten, with what to do about each. Lethe deletes
 * only text in the run directory, and only by {@code lethe.run.retention}.
 */
public final class RecordedCopies {
  private static final String GIVEN = "given model";
  private static final String LOCK_AWAY =
      "knows what was to be forgotten; delete it or lock it away, because the difference from the"
          + " released model shows what was removed";
  private static final String WEIGHTS =
      "weights that may still know it; delete them when no audit needs them";
  private static final String TABLES =
      "not deleted by Lethe; if it comes from a table, earlier versions hold the rows too: Delta,"
          + " REORG TABLE ... APPLY (PURGE) and VACUUM; Iceberg, expire_snapshots and"
          + " remove_orphan_files. Also versions, snapshots and trash of the store";
  private static final String GIVEN_FILE =
      "not deleted by Lethe; it names what was to be forgotten";

  private static final String CACHE = "lethe.model.cache";
  private static final String CORPUS = "corpus, ";
  private static final String REQUESTS = "requests/";
  private static final String WEIGHT_FILE = ".safetensors";

  /** Folders of a released model. */
  private static final List<String> RELEASED = List.of("model", "adapter");

  /** Keys of files that the user gave, beside corpora, with what they are. */
  private static final SortedMap<String, String> FILES =
      new TreeMap<>(
          Map.of(
              "lethe.model.adapter-path", "given adapter",
              "lethe.evaluate.attacks.paraphrases", "paraphrases of prompts",
              "lethe.attack.entities", "words of answers"));

  /** Manifests of a run on topic cards whose inputs the user gave. */
  private static final List<String> OF_CARDS =
      List.of("revealed/" + StageManifest.FILE, "truth/shards/" + StageManifest.FILE);

  private final RunDirectory directory;
  private final SortedMap<String, Path> files;
  private final List<Copy> copies = new ArrayList<>();

  private RecordedCopies(RunDirectory directory) {
    this.directory = directory;
    this.files = RunFiles.of(directory, folder -> !folder.equals(REQUESTS));
  }

  /**
   * Lists the copies of a decided run.
   *
   * @param model the given model
   * @param configuration of the run, by key
   * @param inputs of the shards that were trained on, by their name in the manifest
   */
  public static List<Copy> of(
      RunDirectory directory,
      URI model,
      SortedMap<String, String> configuration,
      SortedMap<String, String> inputs) {
    RecordedCopies found = new RecordedCopies(directory);
    found.given(model, configuration);
    found.weights();
    found.text(configuration);
    found.corpora(inputs);
    found.cards();
    return found.copies.stream().distinct().toList();
  }

  /**
   * Fails if a record leaves out a copy that exists. A copy that was deleted since may still be
   * named.
   */
  static void check(RunDirectory directory, ErasureRecord record) {
    List<Copy> named = record.accountability().copies();
    URI given =
        URI.create(
            named.stream()
                .filter(copy -> copy.what().equals(GIVEN))
                .map(Copy::location)
                .findFirst()
                .orElse(""));
    String root = directory.root().toString();
    for (Copy copy : of(directory, given, record.configuration(), record.data())) {
      // A copy of the run directory has other paths.
      boolean inside = copy.location().equals(root) || copy.location().startsWith(root + "/");
      String end = inside ? copy.location().substring(root.length()) : copy.location();
      Difference.require(
          "record.json",
          "accountability.copies: " + copy.what() + " " + (inside ? "RUN_DIR" + end : end),
          named.stream()
              .anyMatch(
                  other ->
                      other.what().equals(copy.what())
                          && other.action().equals(copy.action())
                          && (inside
                              ? other.location().endsWith(end)
                              : other.location().equals(end))),
          true);
    }
  }

  private void given(URI model, SortedMap<String, String> configuration) {
    copies.add(new Copy(GIVEN, model.toString(), LOCK_AWAY));
    if (model.getScheme() != null && !model.getScheme().equals("file")) {
      String cache = configuration.getOrDefault(CACHE, "");
      copies.add(
          new Copy(
              "local copies of the given model",
              cache.isEmpty()
                  ? "LETHE_CACHE, XDG_CACHE_HOME/lethe or ~/.cache/lethe on the driver and the"
                      + " executors"
                  : cache + " on the driver and the executors",
              LOCK_AWAY));
    }
    FILES.forEach(
        (key, what) -> {
          String file = configuration.getOrDefault(key, "");
          if (!file.isEmpty()) {
            copies.add(new Copy(what, file, GIVEN_FILE));
          }
        });
  }

  /** Every folder of the run with weights, other than the released model. */
  private void weights() {
    SortedSet<String> folders = new TreeSet<>();
    for (String file : files.keySet()) {
      int end = file.indexOf('/');
      if (end > 0 && file.endsWith(WEIGHT_FILE) && !RELEASED.contains(file.substring(0, end))) {
        folders.add(file.substring(0, end));
      }
    }
    folders.forEach(
        folder ->
            copies.add(
                new Copy("weights of the run", directory.below(folder).toString(), WEIGHTS)));
  }

  private void text(SortedMap<String, String> configuration) {
    String retention = configuration.getOrDefault(Retention.KEY, Retention.KEEP.text());
    SortedMap<String, Long> byKind = new TreeMap<>();
    TextFiles.of(directory).values().forEach(kind -> byKind.merge(kind, 1L, Long::sum));
    byKind.forEach(
        (kind, count) ->
            copies.add(
                new Copy(
                    kind + ", " + count + " files",
                    directory.root().toString(),
                    Retention.KEY
                        + " = "
                        + Retention.parse(retention).map(Retention::text).orElse(retention))));
  }

  private void corpora(SortedMap<String, String> inputs) {
    inputs.keySet().stream().filter(name -> name.contains(": ")).forEach(this::corpus);
  }

  private void corpus(String name) {
    String location = name.substring(name.indexOf(": ") + 2);
    copies.add(new Copy(CORPUS + name.substring(0, name.indexOf(": ")), location, todo(location)));
  }

  /** The topic cards, and known true rows, which the figures compare with. */
  private void cards() {
    for (Map.Entry<String, Path> file : files.entrySet()) {
      if (OF_CARDS.stream().anyMatch(end -> ("/" + file.getKey()).endsWith("/" + end))) {
        corpora(
            Documents.read(directory.fileSystem(), file.getValue(), StageManifest.class).inputs());
      }
    }
  }

  private static String todo(String corpus) {
    return TableName.find(corpus)
        .map(table -> "not deleted by Lethe; " + table.format().remains(table))
        .orElse(TABLES);
  }
}
