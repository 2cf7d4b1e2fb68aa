package org.lethe.run;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;

/**
 * The paths of one run, below one URI of any Hadoop file system.
 *
 * <p>A training run other than unlearning (the target of the quickstart) has a run directory of its
 * own, {@link #nested}, with the same layout.
 */
public final class RunDirectory {
  private final Path root;
  private final FileSystem fileSystem;

  private RunDirectory(Path root, FileSystem fileSystem) {
    this.root = root;
    this.fileSystem = fileSystem;
  }

  /**
   * The run directory at a URI or local path; it need not exist yet.
   *
   * @throws org.lethe.error.LetheException USAGE if it is no URI of a known file system
   */
  public static RunDirectory at(String uri, Configuration hadoop) {
    if (uri.isBlank()) {
      throw RunErrors.invalidRunDirectory("''", "empty");
    }
    try {
      Path path = new Path(uri);
      FileSystem fileSystem = fileSystem(path, hadoop);
      return new RunDirectory(fileSystem.makeQualified(path), fileSystem);
    } catch (IllegalArgumentException | IOException e) {
      throw RunErrors.invalidRunDirectory(uri, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The file system of a path, without Hadoop's {@code .crc} files on a local disk: a model
   * directory must hold what Hugging Face expects and nothing else, and digests are kept anyway.
   */
  public static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    FileSystem found = path.getFileSystem(hadoop);
    return found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
  }

  public Path root() {
    return root;
  }

  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** Whether the directory lies on a disk of this machine. */
  public boolean isLocal() {
    return "file".equals(root.toUri().getScheme());
  }

  /** A run directory of its own inside this one, for example the training of a target model. */
  public RunDirectory nested(String name) {
    return new RunDirectory(new Path(root, Names.checked("stage", name)), fileSystem);
  }

  /** Who asked for what. */
  public Path runDocument() {
    return new Path(root, "run.json");
  }

  /** The lock, with its owner inside. */
  public Path lockFile() {
    return new Path(root, "lock.json");
  }

  /** Holds the folders of both sets; the stage folder of shard. */
  public Path shards() {
    return new Path(root, "shards");
  }

  /**
   * Shards of one set.
   *
   * @param set forget or retain
   */
  public Path shards(String set) {
    return new Path(shards(), Names.checked("set", set));
  }

  /** Other answers to forget prompts, beside the shards: personal data as these are. */
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
    return new Path(rounds(), "%06d".formatted(number));
  }

  public Path metrics() {
    return new Path(root, "metrics");
  }

  /** One line per round. */
  public Path roundsLog() {
    return new Path(metrics(), "rounds.jsonl");
  }

  /** What training made, before any gate has seen it; the stage folder of unlearn. */
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

  /** The log of this machine's driver, when the directory is local. */
  public Path log() {
    return new Path(root, "lethe.log");
  }

  /** The manifest of a stage folder. */
  public static Path manifest(Path stageFolder) {
    return new Path(stageFolder, StageManifest.FILE);
  }

  /**
   * A path below this directory.
   *
   * @throws org.lethe.error.LetheException INPUT if it would lead out of the directory
   */
  public Path below(String relative) {
    return new Path(root, Names.checkedRelative(relative, root.toString()));
  }

  /** How a path inside the directory is written into documents. */
  public String relative(Path path) {
    URI base = URI.create(root.toUri() + "/");
    return base.relativize(path.toUri()).getPath();
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
