package org.lethe.cluster.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.transport.SentState;
import org.lethe.cluster.transport.StateHandle;
import org.lethe.compute.FlatVector;
import org.lethe.error.ClusterErrors;
import org.lethe.error.RunErrors;
import org.lethe.model.Decoder;
import org.lethe.model.TokenLosses;
import org.lethe.objective.ReferenceLosses;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.PhaseHook;
import org.lethe.run.RunDirectory;
import org.lethe.store.FileSystems;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Computes the initial model's loss of every forget example and alternative, once before the first
 * round. Writes rounds/reference/worker-00000.json and its siblings, then reference.json with their
 * digests.
 */
final class ReferencePass {
  private static final int BATCH = 16;
  private static final String MANIFEST = "reference.json";

  private final RunDirectory directory;
  private final Path folder;
  private final String training;

  ReferencePass(RunDirectory directory, String training) {
    this.directory = directory;
    this.folder = new Path(directory.rounds(), "reference");
    this.training = training;
  }

  /** Contents of reference.json. */
  record Manifest(int format, String training, int examples, SortedMap<String, String> files) {}

  /**
   * Losses of one worker's examples and, by pair, of their alternatives. Both pair lists are empty
   * without alternatives.
   */
  record Losses(
      List<String> ids, List<Double> losses, List<String> pairs, List<Double> alternatives)
      implements java.io.Serializable {}

  /** Returns the files, one per worker. Computes them if they do not exist. */
  List<String> files(
      JavaSparkContext spark,
      TrainingPlan plan,
      FlatVector initialParameters,
      Broadcast<SerializableConfiguration> hadoop,
      TrainingListener listener) {
    Path manifestFile = new Path(folder, MANIFEST);
    if (!Documents.exists(directory.fileSystem(), manifestFile)) {
      compute(spark, plan, initialParameters, hadoop);
    }
    Manifest manifest = Documents.read(directory.fileSystem(), manifestFile, Manifest.class);
    if (!manifest.training().equals(training)) {
      throw ClusterErrors.otherTraining(manifestFile.toString());
    }
    manifest
        .files()
        .forEach(
            (name, digest) -> {
              Path file = new Path(folder, name);
              if (!Documents.exists(directory.fileSystem(), file)
                  || !Digests.ofFile(directory.fileSystem(), file).equals(digest)) {
                throw ClusterErrors.damagedReference(file.toString());
              }
            });
    listener.referenceFinished(manifest.examples());
    return IntStream.range(0, plan.workers())
        .mapToObj(worker -> new Path(folder, name(worker)).toString())
        .toList();
  }

  private void compute(
      JavaSparkContext spark,
      TrainingPlan plan,
      FlatVector initialParameters,
      Broadcast<SerializableConfiguration> hadoop) {
    List<WorkerLosses> all;
    try (SentState state = SentState.of(spark, List.of(initialParameters))) {
      spark.setJobDescription("Lethe: reference losses");
      all =
          spark
              .parallelize(IntStream.range(0, plan.workers()).boxed().toList(), plan.workers())
              .mapPartitions(new Task(plan.model(), plan.shards(), plan.settings(), state, hadoop))
              .collect();
    }
    SortedMap<String, String> files = new TreeMap<>();
    FileSystem fileSystem = directory.fileSystem();
    int examples = 0;
    for (WorkerLosses part : all) {
      String name = name(part.worker());
      Documents.write(fileSystem, new Path(folder, name), part.losses());
      files.put(name, Digests.ofFile(fileSystem, new Path(folder, name)));
      examples += part.losses().ids().size();
    }
    PhaseHook.reached("reference:before-manifest");
    Documents.write(
        fileSystem,
        new Path(folder, MANIFEST),
        new Manifest(Checkpoints.FORMAT, training, examples, files));
  }

  private static String name(int worker) {
    return String.format(Locale.ROOT, "worker-%05d.json", worker);
  }

  /** Reads a worker's file, on an executor. */
  static Tables read(String file, Configuration hadoop) {
    return ShardCache.read("reference", file, hadoop, path -> tables(path, hadoop), Tables.class);
  }

  /**
   * A worker's losses.
   *
   * @param rows losses of forget examples by row id
   * @param alternatives losses of alternatives by pair id
   */
  record Tables(ReferenceLosses rows, ReferenceLosses alternatives) {}

  private static Tables tables(Path path, Configuration hadoop) {
    try {
      JsonNode document = Documents.read(FileSystems.of(path, hadoop), path);
      return new Tables(
          table(document.path("ids"), document.path("losses")),
          table(document.path("pairs"), document.path("alternatives")));
    } catch (IOException e) {
      throw RunErrors.io("reading", path.toString(), e);
    }
  }

  private static Table table(JsonNode ids, JsonNode values) {
    Map<String, Double> losses = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      losses.put(ids.get(i).asText(), values.get(i).asDouble());
    }
    return new Table(losses);
  }

  private record Table(Map<String, Double> losses) implements ReferenceLosses {
    @Override
    public double of(String id) {
      Double loss = losses.get(id);
      if (loss == null) {
        throw new IllegalStateException("No reference loss for row " + id);
      }
      return loss;
    }
  }

  /** Result of a task. */
  record WorkerLosses(int worker, Losses losses) implements java.io.Serializable {}

  private record Task(
      DecoderSource source,
      List<WorkerShards> shards,
      TrainingSettings settings,
      StateHandle state,
      Broadcast<SerializableConfiguration> hadoop)
      implements FlatMapFunction<Iterator<Integer>, WorkerLosses> {
    @Override
    public Iterator<WorkerLosses> call(Iterator<Integer> workers) {
      List<WorkerLosses> results = new ArrayList<>();
      workers.forEachRemaining(worker -> results.add(losses(worker)));
      return results.iterator();
    }

    private WorkerLosses losses(int worker) {
      Configuration configuration = hadoop.value().value();
      List<Example> rows = ShardCache.examples(shards.get(worker).forget(), configuration);
      List<Example> others =
          settings.forgetLoss().usesAlternatives()
              ? ShardCache.pairs(shards.get(worker), configuration).alternatives()
              : List.of();
      try (ResidentModel.Lease lease = ResidentModel.lease(source, configuration)) {
        state.writeTo(List.of(lease.decoder().parameters()));
        Losses losses =
            new Losses(
                rows.stream().map(Example::id).toList(),
                losses(lease.decoder(), rows),
                others.stream().map(Example::id).toList(),
                losses(lease.decoder(), others));
        lease.done(ResidentModel.Parameters.INITIAL);
        return new WorkerLosses(worker, losses);
      }
    }

    private static List<Double> losses(Decoder decoder, List<Example> examples) {
      List<Double> losses = new ArrayList<>();
      for (int from = 0; from < examples.size(); from += BATCH) {
        List<Example> part = examples.subList(from, Math.min(examples.size(), from + BATCH));
        TokenLosses found = decoder.forward(Batch.of(part));
        for (int i = 0; i < part.size(); i++) {
          losses.add(found.sum(i));
        }
      }
      return losses;
    }
  }
}
