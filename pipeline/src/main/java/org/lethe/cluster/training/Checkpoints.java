package org.lethe.cluster.training;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.compute.FlatVector;
import org.lethe.error.ClusterErrors;
import org.lethe.error.RunErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.PhaseHook;
import org.lethe.run.RunDirectory;
import org.lethe.store.FileSystems;
import org.lethe.store.Publisher;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.SafetensorsReader;
import org.lethe.tensor.SafetensorsWriter;
import org.lethe.tensor.TensorInfo;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints on disk: rounds/000042/state.safetensors, then round.json with its digest. A folder
 * without round.json is incomplete and ignored.
 */
final class Checkpoints {
  /** Number of checkpoints that are kept. */
  static final int KEPT = 3;

  static final int FORMAT = 1;
  static final String STATE = "state.safetensors";
  static final String DOCUMENT = "round.json";

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final String PARAMETERS = "parameters";
  private static final String OPTIMIZER = "optimizer.";
  private static final String VELOCITY = "outer.velocity";
  private static final String RATE_FACTOR = "rate_factor";
  private static final String DUAL_VARIABLE = "dual_variable";

  private final RunDirectory directory;
  private final String training;

  /**
   * Checkpoints of one training.
   *
   * @param training digest of everything that decides its result
   */
  Checkpoints(RunDirectory directory, String training) {
    this.directory = directory;
    this.training = training;
  }

  /**
   * Contents of round.json.
   *
   * @param format version of this document
   * @param round completed rounds
   * @param step completed optimizer steps
   * @param training digest of everything that decides the training's result
   * @param stateSha256 digest of state.safetensors
   */
  record RoundDocument(int format, int round, long step, String training, String stateSha256) {}

  /** A complete checkpoint. */
  record Found(Path folder, RoundDocument document) {}

  /** Writes a checkpoint and removes the ones that exceed {@link #KEPT}. */
  void write(RoundState state) {
    PhaseHook.reached("round:before-checkpoint");
    Path folder = directory.round(state.round());
    FileSystem fileSystem = directory.fileSystem();
    Documents.delete(fileSystem, folder);
    writeState(state, new Path(folder, STATE));
    PhaseHook.reached("round:before-manifest");
    String digest = Digests.ofFile(fileSystem, new Path(folder, STATE));
    Documents.write(
        fileSystem,
        new Path(folder, DOCUMENT),
        new RoundDocument(FORMAT, state.round(), state.step(), training, digest));
    prune();
    PhaseHook.reached("round:after-checkpoint");
  }

  private void writeState(RoundState state, Path file) {
    try {
      FileSystem fileSystem = directory.fileSystem();
      fileSystem.mkdirs(file.getParent());
      if (directory.isLocal()) {
        writeLocal(state, java.nio.file.Path.of(file.toUri().getPath()));
        return;
      }
      java.nio.file.Path local = Files.createTempDirectory("lethe-state");
      try {
        java.nio.file.Path aside = local.resolve(STATE);
        writeLocal(state, aside);
        Publisher.of(fileSystem, file).file(file, out -> Files.copy(aside, out));
      } finally {
        Files.deleteIfExists(local.resolve(STATE));
        Files.delete(local);
      }
    } catch (IOException e) {
      throw RunErrors.io("writing", file.toString(), e);
    }
  }

  private static void writeLocal(RoundState state, java.nio.file.Path file) {
    Map<String, FlatVector> tensors = tensors(state);
    Collection<TensorInfo> infos = new ArrayList<>();
    tensors.forEach(
        (name, vector) ->
            infos.add(
                TensorInfo.of(
                    name,
                    vector.type() == DataType.DOUBLE ? Dtype.F64 : Dtype.F32,
                    vector.length())));
    Map<String, String> metadata =
        Map.of(
            "round",
            Integer.toString(state.round()),
            "step",
            Long.toString(state.step()),
            RATE_FACTOR,
            Double.toString(state.rateFactor()),
            DUAL_VARIABLE,
            Double.toString(state.dualVariable()));
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, metadata)) {
      tensors.forEach(writer::write);
      writer.commit();
    }
  }

  private static Map<String, FlatVector> tensors(RoundState state) {
    Map<String, FlatVector> tensors = new LinkedHashMap<>();
    tensors.put(PARAMETERS, state.parameters());
    state.optimizer().vectors().forEach((name, vector) -> tensors.put(OPTIMIZER + name, vector));
    state.velocity().ifPresent(vector -> tensors.put(VELOCITY, vector));
    return tensors;
  }

  /**
   * Returns the newest complete checkpoint, if any.
   *
   * @throws org.lethe.error.LetheException CONFLICT if it belongs to another training
   */
  Optional<Found> newest() {
    List<Found> all = finished();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Found newest = all.get(all.size() - 1);
    if (!newest.document().training().equals(training)) {
      throw ClusterErrors.otherTraining(newest.folder() + "/" + DOCUMENT);
    }
    return Optional.of(newest);
  }

  /**
   * Reads a checkpoint into the vectors of a state.
   *
   * @throws org.lethe.error.LetheException INPUT if its bytes differ from those that were written
   */
  RoundState read(Found found, RoundState into) {
    return withState(found, (reader, file) -> state(reader, file, found, into));
  }

  /** Passes the checked file of a checkpoint to the work. */
  private <T> T withState(Found found, BiFunction<SafetensorsReader, Path, T> work) {
    Path file = new Path(found.folder(), STATE);
    if (!Documents.exists(directory.fileSystem(), file)) {
      throw ClusterErrors.inconsistentCheckpoint(file.toString(), "the file is missing");
    }
    String digest = Digests.ofFile(directory.fileSystem(), file);
    if (!digest.equals(found.document().stateSha256())) {
      throw ClusterErrors.damagedCheckpoint(
          file.toString(), digest, found.document().stateSha256());
    }
    try {
      if (directory.isLocal()) {
        return work.apply(
            SafetensorsReader.open(java.nio.file.Path.of(file.toUri().getPath())), file);
      }
      java.nio.file.Path local = Files.createTempDirectory("lethe-state");
      try {
        java.nio.file.Path copy = local.resolve(STATE);
        directory.fileSystem().copyToLocalFile(false, file, new Path(copy.toUri()), true);
        return work.apply(SafetensorsReader.open(copy), file);
      } finally {
        Files.deleteIfExists(local.resolve(STATE));
        Files.delete(local);
      }
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  /** Returns the newest checkpoint before a round, or 0 for the initial model. */
  int before(int round) {
    return finished().stream()
        .mapToInt(found -> found.document().round())
        .filter(number -> number < round)
        .max()
        .orElse(0);
  }

  /**
   * Reads only the parameters of a checkpoint.
   *
   * @throws org.lethe.error.LetheException INPUT if there is no such checkpoint or its bytes differ
   */
  void readParameters(int round, FlatVector into) {
    Found found =
        finished().stream()
            .filter(checkpoint -> checkpoint.document().round() == round)
            .findFirst()
            .orElseThrow(
                () ->
                    ClusterErrors.inconsistentCheckpoint(
                        directory.round(round).toString(), "it is incomplete"));
    withState(found, (reader, file) -> reader.read(PARAMETERS, into));
  }

  private static RoundState state(
      SafetensorsReader reader, Path file, Found found, RoundState into) {
    RoundDocument document = found.document();
    if (!Integer.toString(document.round()).equals(reader.metadata().get("round"))
        || !Long.toString(document.step()).equals(reader.metadata().get("step"))) {
      throw ClusterErrors.inconsistentCheckpoint(
          file.toString(), "it is not of the round and step that " + DOCUMENT + " says");
    }
    tensors(into).forEach(reader::read);
    return new RoundState(
        document.round(),
        document.step(),
        into.parameters(),
        into.optimizer(),
        number(reader, RATE_FACTOR, into.rateFactor(), file),
        number(reader, DUAL_VARIABLE, into.dualVariable(), file),
        into.velocity());
  }

  /**
   * Reads a number from the metadata. Returns the given value if an older version wrote the state
   * without it.
   */
  private static double number(SafetensorsReader reader, String name, double otherwise, Path file) {
    String found = reader.metadata().getOrDefault(name, Double.toString(otherwise));
    try {
      return Double.parseDouble(found);
    } catch (NumberFormatException e) {
      throw ClusterErrors.inconsistentCheckpoint(file.toString(), name + " is no number: " + found);
    }
  }

  private List<Found> finished() {
    List<Found> found = new ArrayList<>();
    FileSystem fileSystem = directory.fileSystem();
    if (!Documents.exists(fileSystem, directory.rounds())) {
      return found;
    }
    try {
      for (FileStatus status : FileSystems.list(fileSystem, directory.rounds())) {
        Path folder = status.getPath();
        Path document = new Path(folder, DOCUMENT);
        if (!status.isDirectory() || !folder.getName().matches("\\d{6,}")) {
          continue;
        }
        if (!Documents.exists(fileSystem, document)) {
          LOG.info("Skipped an incomplete checkpoint: {}", folder);
          continue;
        }
        RoundDocument read = Documents.read(fileSystem, document, RoundDocument.class);
        if (read.format() != FORMAT || !folder.equals(directory.round(read.round()))) {
          throw ClusterErrors.inconsistentCheckpoint(
              document.toString(), "it says round " + read.round() + ", format " + read.format());
        }
        found.add(new Found(folder, read));
      }
    } catch (IOException e) {
      throw RunErrors.io("listing", directory.rounds().toString(), e);
    }
    found.sort(Comparator.comparingInt(f -> f.document().round()));
    return found;
  }

  private void prune() {
    List<Found> all = finished();
    for (Found old : all.subList(0, Math.max(0, all.size() - KEPT))) {
      // Delete the document first, so that a partly deleted folder never looks complete.
      Documents.delete(directory.fileSystem(), new Path(old.folder(), DOCUMENT));
      Documents.delete(directory.fileSystem(), old.folder());
    }
  }
}
