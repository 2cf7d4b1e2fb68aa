package org.lethe.audit;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.run.ErasureRecord;
import org.lethe.run.StageManifest;

/** Folders of the shards that a run was measured on, relative to the run directory. */
final class MeasuredShards {
  private static final String SHARDS = "shards";

  /** Runs inside a run on topic cards, with the prefix of the names of their sets. */
  private static final SortedMap<String, String> OF_CARDS =
      new TreeMap<>(Map.of("held-out", "", "truth", "true-", "substituted", "substituted-"));

  private MeasuredShards() {}

  /** Folders by the prefix of their sets. */
  static SortedMap<String, String> byPrefix(ErasureRecord record) {
    SortedMap<String, String> folders = new TreeMap<>();
    OF_CARDS.forEach(
        (name, prefix) -> {
          String folder = measured(record) + name + "/" + SHARDS;
          if (record.evidence().files().containsKey(folder + "/" + StageManifest.FILE)) {
            folders.put(prefix, folder);
          }
        });
    if (folders.isEmpty()) {
      folders.put("", record.evidence().folders().getOrDefault(SHARDS, SHARDS));
    }
    return folders;
  }

  /** Whether the run was measured on rows beside those that it was trained on. */
  static boolean areOfCards(ErasureRecord record) {
    return !byPrefix(record)
        .containsValue(record.evidence().folders().getOrDefault(SHARDS, SHARDS));
  }

  /** Folder of the unseen rows. */
  static String unseen(ErasureRecord record) {
    return measured(record) + "unseen/" + SHARDS;
  }

  /** The run whose figures before are the record's: an empty path, or an iteration's. */
  private static String measured(ErasureRecord record) {
    return record
        .evidence()
        .folders()
        .getOrDefault("before", "evaluation/before")
        .replaceFirst("evaluation/[^/]+$", "");
  }
}
