package org.lethe.audit;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.EvidenceErrors;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.Gate;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageManifest;

/**
 * Checks that each stage worked on what the stages before it wrote: its manifest names the digest
 * of the model and of the shards. So a model, a candidate or an evaluation of another run shows,
 * even if record and manifests name its files.
 */
final class StageLinks {
  private static final String MODEL = "model";
  private static final String SHARDS = "shards";
  private static final String CANDIDATE = "candidate";
  private static final String BEFORE = "before";
  private static final String AFTER = "after";
  private static final String ADAPTER = "adapter";
  private static final String FINETUNE = "finetune";
  private static final String ITERATION = "iterations/[0-9]+/" + CANDIDATE;

  private final RunDirectory directory;
  private final ErasureRecord record;

  StageLinks(RunDirectory directory, ErasureRecord record) {
    this.directory = directory;
    this.record = record;
  }

  /** Fails at the first stage that worked on something else. */
  void run() {
    String given = given();
    String candidate = folder(CANDIDATE);
    StageManifest unlearned = manifest(candidate);
    require(candidate, unlearned, MODEL, start(candidate, given));
    require(candidate, unlearned, SHARDS, outputs(trained(candidate)));
    String shards = measuredShards();
    for (String name : record.evidence().folders().keySet()) {
      if (name.endsWith(BEFORE) || name.endsWith(AFTER)) {
        evaluation(
            name,
            name.endsWith(AFTER) ? Digests.of(unlearned.outputs()) : given,
            name.startsWith(Gate.UNSEEN) ? outputs(MeasuredShards.unseen(record)) : shards);
      }
    }
    finetune();
  }

  private void evaluation(String name, String model, String shards) {
    String folder = folder(name);
    StageManifest manifest = manifest(folder);
    require(folder, manifest, MODEL, model);
    require(folder, manifest, SHARDS, shards);
    if (name.startsWith("attacks-")) {
      String when = name.substring("attacks-".length());
      require(folder, manifest, when, outputs(folder(when)));
      if (record.evidence().folders().containsKey(Gate.UNSEEN + when)) {
        require(folder, manifest, Gate.UNSEEN + when, outputs(folder(Gate.UNSEEN + when)));
      }
    }
  }

  /** Digest of the model that unlearning begins with. */
  private String given() {
    SortedMap<String, String> model = new TreeMap<>();
    SortedMap<String, String> all = new TreeMap<>();
    record
        .inputModel()
        .forEach(
            (name, digest) -> {
              boolean factors = name.equals(ADAPTER) || name.startsWith(ADAPTER + "/");
              (factors ? all : model).put(name, digest);
            });
    String digest = ModelDirectory.digestOf(model);
    if (all.isEmpty()) {
      return digest;
    }
    all.put(MODEL, digest);
    return Digests.of(all);
  }

  /** The model that a candidate comes from: in a later iteration, the candidate before. */
  private String start(String candidate, String given) {
    if (!candidate.matches(ITERATION)) {
      return given;
    }
    int number = Integer.parseInt(candidate.split("/", -1)[1]);
    if (number == 1) {
      return given;
    }
    String before =
        candidate.replaceFirst("[0-9]+", String.format(Locale.ROOT, "%02d", number - 1));
    SortedMap<String, String> model = new TreeMap<>();
    manifest(before)
        .outputs()
        .forEach(
            (name, digest) -> {
              if (name.startsWith(MODEL + "/")) {
                model.put(name.substring(MODEL.length() + 1), digest);
              }
            });
    return ModelDirectory.digestOf(model);
  }

  /** Folder of the shards that a candidate was trained on: an iteration has its own. */
  private String trained(String candidate) {
    return candidate.matches(ITERATION)
        ? candidate.replaceFirst(CANDIDATE + "$", SHARDS)
        : folder(SHARDS);
  }

  private String measuredShards() {
    if (!MeasuredShards.areOfCards(record)) {
      return outputs(folder(SHARDS));
    }
    SortedMap<String, String> digests = new TreeMap<>();
    MeasuredShards.byPrefix(record)
        .forEach((prefix, folder) -> digests.put(prefix, outputs(folder)));
    return Digests.of(digests);
  }

  /** A model that finetune wrote was trained from the recorded base model. */
  private void finetune() {
    String input = record.evidence().folders().get("input");
    if (input != null && record.evidence().files().containsKey(file(input))) {
      StageManifest manifest = manifest(input);
      // The base model of a merged start is what merging wrote.
      if (manifest.stage().equals(FINETUNE)) {
        require(input, manifest, MODEL, ModelDirectory.digestOf(record.evidence().baseModel()));
      }
    }
  }

  private void require(String folder, StageManifest manifest, String input, String expected) {
    Difference.require(file(folder), "inputs." + input, expected, manifest.inputs().get(input));
  }

  private String outputs(String folder) {
    return Digests.of(manifest(folder).outputs());
  }

  private String folder(String name) {
    return record.evidence().folders().getOrDefault(name, name);
  }

  private static String file(String folder) {
    return folder + "/" + StageManifest.FILE;
  }

  /** A manifest whose digest the record names. */
  private StageManifest manifest(String folder) {
    if (!record.evidence().files().containsKey(file(folder))) {
      throw EvidenceErrors.missing(file(folder) + " in the field evidence.files", "record.json");
    }
    return Documents.read(
        directory.fileSystem(), directory.below(file(folder)), StageManifest.class);
  }
}
