package org.lethe.audit;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.error.EvidenceErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.Previous;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageManifest;
import org.lethe.run.evidence.EvidenceFiles;
import org.lethe.run.evidence.RecordStore;

/** Checks every digest of a record: earlier records, evidence, manifests and what they name. */
final class DigestCheck {
  private static final String RECORD = "record.json";
  private static final String CARD = "README.md";

  private final RunDirectory directory;
  private final ErasureRecord record;
  private final FileDigests digests;
  private final DeletedFiles deleted;

  DigestCheck(RunDirectory directory, ErasureRecord record, DeletedFiles deleted) {
    this.deleted = deleted;
    this.directory = directory;
    this.record = record;
    this.digests = new FileDigests(directory);
  }

  /** Runs all checks; returns the number of files with the right digest. */
  int run() {
    chain();
    if (record.evidence().files().isEmpty()) {
      throw EvidenceErrors.nothingNamed(RECORD);
    }
    Difference.require(
        RECORD,
        "configuration_digest",
        record.configurationDigest(),
        Digests.of(record.configuration()));
    record.evidence().files().forEach(this::named);
    for (String file : EvidenceFiles.names(directory)) {
      if (!record.evidence().files().containsKey(file)) {
        throw EvidenceErrors.unnamed(file, RECORD);
      }
    }
    for (String file : record.evidence().files().keySet()) {
      if (new Path(file).getName().equals(StageManifest.FILE)) {
        manifest(file);
      }
    }
    if (record.requests().isEmpty()) {
      shards();
      inputModel();
      new StageLinks(directory, record).run();
    }
    outputModel();
    return digests.count();
  }

  /** The last numbered record equals record.json, and each names the one before. */
  private void chain() {
    int count = new RecordStore(directory).count();
    if (count == 0) {
      throw EvidenceErrors.missing(RecordStore.path(1), RECORD);
    }
    String last = Digests.ofFile(directory.fileSystem(), directory.record());
    digests.require(RecordStore.path(count), last, RECORD);
    for (int number = count; number >= 1; number--) {
      String file = RecordStore.path(number);
      ErasureRecord one =
          Documents.read(directory.fileSystem(), directory.below(file), ErasureRecord.class);
      String before = number == 1 ? "" : RecordStore.path(number - 1);
      Difference.require(
          file,
          "evidence.previous.file",
          one.evidence().previous().map(Previous::file).orElse(""),
          before);
      one.evidence()
          .previous()
          .ifPresent(previous -> digests.require(previous.file(), previous.sha256(), file));
    }
  }

  private void named(String file, String digest) {
    named(file, digest, RECORD);
  }

  private void named(String file, String digest, String namedBy) {
    if (deleted.contains(file)) {
      deleted.require(file, digest, namedBy);
    } else {
      digests.require(file, digest, namedBy);
    }
  }

  private void manifest(String file) {
    StageManifest manifest = manifestAt(file);
    Difference.require(file, "run_id", record.runId(), manifest.runId());
    Difference.require(
        file,
        "configuration_digest",
        manifest.configurationDigest(),
        Digests.of(manifest.configuration()));
    String folder = file.substring(0, file.length() - StageManifest.FILE.length());
    manifest.outputs().forEach((name, digest) -> named(folder + name, digest, file));
  }

  private void shards() {
    StageManifest manifest = manifestAt(manifestOf("shards"));
    SortedMap<String, String> data = new TreeMap<>(manifest.inputs());
    manifest.outputs().forEach((name, digest) -> data.put("shards/" + name, digest));
    Difference.requireMaps(RECORD, "data", record.data(), data);
  }

  /** A given model lies elsewhere; that of finetune is in the run directory. */
  private void inputModel() {
    String folder = record.evidence().folders().get("input");
    if (folder != null) {
      record
          .inputModel()
          .forEach((name, digest) -> digests.require(folder + "/" + name, digest, RECORD));
    } else {
      Difference.requireMaps(
          RECORD, "evidence.base_model", record.evidence().baseModel(), record.inputModel());
    }
  }

  private void outputModel() {
    String folder = record.modelPath().replaceAll("/$", "");
    boolean refused = folder.endsWith("model.refused");
    Difference.require(
        RECORD, "decision", record.decision(), refused ? Decision.REFUSED : Decision.RELEASED);
    record
        .outputModel()
        .forEach((name, digest) -> digests.require(folder + "/" + name, digest, RECORD));
    Difference.requireMaps(RECORD, "output_model", record.outputModel(), digests.ofTree(folder));
    if (record.requests().isEmpty()) {
      candidate(refused);
    }
  }

  /** The model is a copy of the candidate that was evaluated. */
  private void candidate(boolean refused) {
    String other = refused ? "model" : "model.refused";
    Difference.require(
        other,
        "existence of the model of another decision",
        false,
        Documents.exists(directory.fileSystem(), new Path(directory.root(), other)));
    StageManifest manifest = manifestAt(manifestOf("candidate"));
    SortedMap<String, String> outputs = manifest.outputs();
    String prefix =
        outputs.keySet().stream().anyMatch(n -> n.startsWith("model/")) ? "model/" : "adapter/";
    SortedMap<String, String> copied = new TreeMap<>();
    outputs.forEach(
        (name, digest) -> {
          if (name.startsWith(prefix)) {
            copied.put(name.substring(prefix.length()), digest);
          }
        });
    SortedMap<String, String> recorded = new TreeMap<>(record.outputModel());
    if (!copied.containsKey(CARD)) {
      recorded.remove(CARD); // Release writes the model card.
    }
    Difference.requireMaps(RECORD, "output_model", recorded, copied);
  }

  private String manifestOf(String folder) {
    String file =
        record.evidence().folders().getOrDefault(folder, folder) + "/" + StageManifest.FILE;
    if (!record.evidence().files().containsKey(file)) {
      throw EvidenceErrors.missing(file + " in the field evidence.files", RECORD);
    }
    return file;
  }

  private StageManifest manifestAt(String file) {
    return Documents.read(directory.fileSystem(), directory.below(file), StageManifest.class);
  }
}
