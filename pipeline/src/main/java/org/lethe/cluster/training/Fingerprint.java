package org.lethe.cluster.training;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorBytes;
import org.lethe.error.RunErrors;
import org.lethe.run.Digests;
import org.lethe.store.FileSystems;

/** Digests that distinguish trainings. */
final class Fingerprint {
  private static final int READ_BYTES = 16 << 20;

  private Fingerprint() {}

  /**
   * Digest of everything that decides a training's result: model, settings, stop rules, workers and
   * the sizes of their shards. Stage manifests cover the bytes of the shards.
   */
  static String of(TrainingPlan plan, Configuration hadoop) {
    SortedMap<String, String> parts = new TreeMap<>();
    parts.put("model", plan.model().identity());
    parts.put("settings", plan.settings().identity());
    for (int worker = 0; worker < plan.workers(); worker++) {
      WorkerShards shards = plan.shards().get(worker);
      parts.put("worker-" + worker + "-forget", sizes(shards.forget(), hadoop));
      parts.put("worker-" + worker + "-retain", sizes(shards.retain(), hadoop));
      if (!shards.alternatives().isEmpty()) {
        parts.put("worker-" + worker + "-alternatives", sizes(shards.alternatives(), hadoop));
      }
    }
    plan.monitor()
        .ifPresent(
            monitor -> {
              parts.put("stop", monitor.stop().toString());
              parts.put("unseen", sizes(monitor.unseen(), hadoop));
              parts.put("neutral", sizes(monitor.neutral(), hadoop));
            });
    return Digests.of(parts);
  }

  private static String sizes(List<String> files, Configuration hadoop) {
    StringBuilder all = new StringBuilder();
    for (String file : files) {
      Path path = new Path(file);
      try {
        long length = FileSystems.of(path, hadoop).getFileStatus(path).getLen();
        all.append(path.getName()).append(' ').append(length).append('\n');
      } catch (IOException e) {
        throw RunErrors.io("reading", file, e);
      }
    }
    return all.toString();
  }

  /** Of a vector's bytes. */
  static String of(FlatVector vector) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      int chunks = VectorBytes.chunks(vector, READ_BYTES);
      for (int i = 0; i < chunks; i++) {
        digest.update(VectorBytes.read(vector, i, READ_BYTES));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
