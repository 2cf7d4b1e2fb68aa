package org.lethe.jobs.release;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.table.TableName;
import org.lethe.run.Accountability.Copy;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.retention.Retention;
import org.lethe.run.retention.TextFiles;

/**
 * Copies and derivatives of what was to be forgotten, with what to do about each. Lethe deletes
 * only text in the run directory, and only by {@code lethe.run.retention}.
 */
public final class RemainingCopies {
  private static final String LOCK_AWAY =
      "knows what was to be forgotten; delete it or lock it away, because the difference from the"
          + " released model shows what was removed";
  private static final String WEIGHTS =
      "weights that may still know it; delete them when no audit needs them";
  private static final String TABLES =
      "not deleted by Lethe; if it comes from a table, earlier versions hold the rows too: Delta,"
          + " REORG TABLE ... APPLY (PURGE) and VACUUM; Iceberg, expire_snapshots and"
          + " remove_orphan_files. Also versions, snapshots and trash of the store";

  /** Folders of the run with weights, other than the released model. */
  private static final List<String> FOLDERS =
      List.of(
          "candidate",
          "finetune",
          "merged",
          "rounds",
          "module-forget",
          "module-retain",
          "iterations",
          "quickstart/model");

  private final RunDirectory directory;
  private final Retention retention;
  private final List<Copy> copies = new ArrayList<>();

  private RemainingCopies(RunDirectory directory, Retention retention) {
    this.directory = directory;
    this.retention = retention;
  }

  /**
   * Lists the copies of a decided run.
   *
   * @param model the given model
   * @param cache configured folder for copies of remote models, or empty
   * @param corpora URIs of the corpora, by digest entry of the shards: {@code forget: URI}
   */
  public static List<Copy> of(
      RunDirectory directory,
      Retention retention,
      URI model,
      String cache,
      SortedMap<String, String> corpora) {
    RemainingCopies found = new RemainingCopies(directory, retention);
    found.models(model, cache);
    found.text();
    corpora.keySet().stream()
        .filter(name -> name.contains(": "))
        .forEach(
            name ->
                found.copies.add(
                    new Copy(
                        "corpus, " + name.substring(0, name.indexOf(": ")),
                        name.substring(name.indexOf(": ") + 2),
                        todo(name.substring(name.indexOf(": ") + 2)))));
    return List.copyOf(found.copies);
  }

  private static String todo(String corpus) {
    return TableName.find(corpus)
        .map(table -> "not deleted by Lethe; " + table.format().remains(table))
        .orElse(TABLES);
  }

  private void models(URI model, String cache) {
    copies.add(new Copy("given model", model.toString(), LOCK_AWAY));
    if (model.getScheme() != null && !model.getScheme().equals("file")) {
      copies.add(
          new Copy(
              "local copies of the given model",
              cache.isEmpty()
                  ? "LETHE_CACHE, XDG_CACHE_HOME/lethe or ~/.cache/lethe on the driver and the"
                      + " executors"
                  : cache + " on the driver and the executors",
              LOCK_AWAY));
    }
    for (String folder : FOLDERS) {
      Path path = directory.below(folder);
      if (Documents.exists(directory.fileSystem(), path)) {
        copies.add(new Copy("weights of the run", path.toString(), WEIGHTS));
      }
    }
  }

  private void text() {
    SortedMap<String, Long> byKind = new TreeMap<>();
    TextFiles.of(directory).values().forEach(kind -> byKind.merge(kind, 1L, Long::sum));
    byKind.forEach(
        (kind, count) ->
            copies.add(
                new Copy(
                    kind + ", " + count + " files",
                    directory.root().toString(),
                    Retention.KEY + " = " + retention.text())));
  }
}
