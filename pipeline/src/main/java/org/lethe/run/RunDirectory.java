package org.lethe.run;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.PlatformErrors;
import org.lethe.error.RunErrors;
import org.lethe.store.FileSystems;

/**
 * The paths of one run, below one URI of any Hadoop file system.
 *
 * <p>A training run other than unlearning (the target of the quickstart) has a {@link #nested} run
 * directory of its own with the same layout.
 */
public final class RunDirectory {
  private final Path root;
  private final FileSystem fileSystem;

  private RunDirectory(Path root, FileSystem fileSystem) {
    this.root = root;
    this.fileSystem = fileSystem;
  }

  /**
   * Returns the run directory at a URI or local path. It need not exist yet.
   *
   * @throws org.lethe.error.LetheException USAGE if the URI is invalid or its file system is
   *     unknown
   */
  public static RunDirectory at(String uri, Configuration hadoop) {
    if (uri.isBlank()) {
      throw RunErrors.invalidRunDirectory("''", "empty");
    }
    try {
      Path path = new Path(uri);
      return at(path, FileSystems.of(path, hadoop));
    } catch (IllegalArgumentException | IOException e) {
      throw PlatformErrors.missingFileSystem(uri, e)
          .orElseGet(() -> RunErrors.invalidRunDirectory(uri, String.valueOf(e.getMessage())));
    }
  }

  /** Returns the run directory at a path of a file system. It need not exist yet. */
  public static RunDirectory at(Path root, FileSystem fileSystem) {
    return new RunDirectory(fileSystem.makeQualified(root), fileSystem);
  }

  public Path root() {
    return root;
  }

  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** Whether the directory is on a disk of this machine. */
  public boolean isLocal() {
    return "file".equals(root.toUri().getScheme());
  }

  /**
   * Creates the directory, unless it exists. Hadoop's local file system does not give the reason of
   * a failure, Java's does.
   */
  public void create() throws IOException {
    if (isLocal()) {
      Files.createDirectories(java.nio.file.Path.of(root.toUri().getPath()));
    } else if (!fileSystem.mkdirs(root)) {
      throw new IOException("the directory cannot be created");
    }
  }

  /**
   * Returns a separate run directory inside this one, for example for the training of a target
   * model.
   */
  public RunDirectory nested(String name) {
    return new RunDirectory(new Path(root, Names.checked("stage", name)), fileSystem);
  }

  /** The run's id, configuration and versions. */
  public Path runDocument() {
    return new Path(root, "run.json");
  }

  /** The lock; the file contains its owner. */
  public Path lockFile() {
    return new Path(root, "lock.json");
  }

  /** The folder of the shard stage, with a folder for each set. */
  public Path shards() {
    return new Path(root, "shards");
  }

  /**
   * The shards of one set.
   *
   * @param set forget or retain
   */
  public Path shards(String set) {
    return new Path(shards(), Names.checked("set", set));
  }

  /**
   * Alternative answers to forget prompts, stored with the shards because both are personal data.
   */
  public Path alternatives() {
    return new Path(shards(), "alternatives");
  }

  public Path revealed() {
    return new Path(root, "revealed");
  }

  /** Resumable states, one folder per kept round. */
  public Path rounds() {
    return new Path(root, "rounds");
  }

  /** The folder of one round's state, {@code rounds/000042}. */
  public Path round(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("Invalid round: " + number);
    }
    return new Path(rounds(), String.format(Locale.ROOT, "%06d", number));
  }

  public Path metrics() {
    return new Path(root, "metrics");
  }

  /** Metrics, one line per round. */
  public Path roundsLog() {
    return new Path(metrics(), "rounds.jsonl");
  }

  /** Readings of the monitor, if the run has stop rules. */
  public Path monitorLog() {
    return new Path(metrics(), "monitor.jsonl");
  }

  /** The folder of the unlearn stage: the trained model before any gate. */
  public Path candidate() {
    return new Path(root, "candidate");
  }

  /** The released model, Hugging Face layout. */
  public Path model() {
    return new Path(root, "model");
  }

  /** The released adapter, PEFT layout. */
  public Path adapter() {
    return new Path(root, "adapter");
  }

  /** The model that a gate refused. */
  public Path refusedModel() {
    return new Path(root, "model.refused");
  }

  /**
   * Figures and rows of one evaluation.
   *
   * @param when before or after
   */
  public Path evaluation(String when) {
    return new Path(new Path(root, "evaluation"), Names.checked("evaluation", when));
  }

  public Path record() {
    return new Path(root, "record.json");
  }

  public Path report() {
    return new Path(root, "report.html");
  }

  public Path result() {
    return new Path(root, "result.json");
  }

  /** The driver's log, if the directory is local. */
  public Path log() {
    return new Path(root, "lethe.log");
  }

  /** The manifest of a stage folder. */
  public static Path manifest(Path stageFolder) {
    return new Path(stageFolder, StageManifest.FILE);
  }

  /**
   * Returns a path below this directory.
   *
   * @throws org.lethe.error.LetheException INPUT if the path would lead out of the directory
   */
  public Path below(String relative) {
    return new Path(root, Names.checkedRelative(relative, root.toString()));
  }

  /** Returns a path inside the directory as documents contain it. */
  public String relative(Path path) {
    URI base = URI.create(root.toUri() + "/");
    return base.relativize(path.toUri()).getPath();
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
