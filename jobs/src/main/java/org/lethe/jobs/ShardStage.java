package org.lethe.jobs;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.FieldNames;
import org.lethe.corpus.RowFilter;
import org.lethe.corpus.ShardReport;
import org.lethe.corpus.ShardSettings;
import org.lethe.corpus.ShardSettings.Duplicates;
import org.lethe.corpus.ShardSettings.Overlap;
import org.lethe.corpus.Sharder;
import org.lethe.corpus.TokenizerSource;
import org.lethe.error.RunErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.StageManifest;
import org.lethe.run.Stages;

/** Corpora to shards. */
final class ShardStage {
  static final String NAME = "shard";

  private final ShardSettings settings;

  ShardStage(ShardSettings settings) {
    this.settings = settings;
  }

  /** Binds the corpora that the configuration names. */
  static ShardSettings read(ConfigurationReader reader) {
    return readOf(
        reader,
        uris(reader.requiredTexts("lethe.corpus.forget", "the rows to forget")),
        uris(reader.requiredTexts("lethe.corpus.retain", "the rows to keep")));
  }

  /** Binds everything but the corpora, which the command itself makes. */
  static ShardSettings readOf(ConfigurationReader reader, List<URI> forget, List<URI> retain) {
    TreeMap<String, Set<String>> where = new TreeMap<>();
    reader
        .section("lethe.corpus.where")
        .forEach((field, ignored) -> where.put(field, values(reader, field)));
    long limit = reader.wholeNumber("lethe.corpus.limit", 0, Long.MAX_VALUE / 2);
    FieldNames fields =
        reader
            .make(
                "lethe.corpus",
                () ->
                    new FieldNames(
                        reader.text("lethe.corpus.id-field").orElse(""),
                        reader.text("lethe.corpus.prompt-field").orElse(""),
                        reader.text("lethe.corpus.completion-field").orElse(""),
                        reader.text("lethe.corpus.task-field").orElse("")))
            .orElse(FieldNames.lume());
    String overlap = reader.choice("lethe.shard.overlap", "refuse", "forget", "allow");
    return new ShardSettings(
        // A missing corpus is a problem that the reader has already; this keeps reading going.
        forget.isEmpty() && retain.isEmpty() ? List.of(URI.create("missing")) : forget,
        retain,
        fields,
        reader.integer("lethe.shard.max-length", 4, 1 << 20),
        reader.integer("lethe.unlearn.workers", 1, 100_000),
        reader.choice("lethe.shard.duplicates", "drop", "keep").equals("drop")
            ? Duplicates.DROP
            : Duplicates.KEEP,
        switch (overlap) {
          case "forget" -> Overlap.DROP_FROM_RETAIN;
          case "allow" -> Overlap.ALLOW;
          default -> Overlap.ERROR;
        },
        reader.number("lethe.shard.quarantine-limit", 0, 1),
        reader.wholeNumber("lethe.shard.seed", 0, Long.MAX_VALUE / 2),
        RowFilter.where(where),
        limit == 0 ? OptionalLong.empty() : OptionalLong.of(limit));
  }

  private static Set<String> values(ConfigurationReader reader, String field) {
    return new TreeSet<>(reader.requiredTexts("lethe.corpus.where." + field, "allowed values"));
  }

  private static List<URI> uris(List<String> paths) {
    return paths.stream().map(path -> new Path(path).toUri()).toList();
  }

  /** Makes the shards, unless they stand. */
  StageManifest run(JobContext context, ModelSettings model) {
    ModelSettings.Opened opened = model.open(context.hadoop());
    requirePositions(opened.directory().config().maxPositions());
    Progress progress = context.progress(NAME);
    TreeMap<String, String> inputs = new TreeMap<>(corpora(context));
    opened
        .directory()
        .fileDigests()
        .forEach(
            (name, digest) -> {
              if (name.startsWith("token")) {
                inputs.put("model/" + name, digest);
              }
            });
    StageInputs asked =
        new StageInputs(
            NAME,
            inputs,
            context.configuration(
                "lethe.corpus", "lethe.shard", "lethe.unlearn.workers", "lethe.model.template"));
    Path folder = context.directory().shards();
    Stages.Outcome outcome =
        context
            .stages()
            .run(
                asked,
                folder,
                Stages.Partial.DISCARD,
                () ->
                    new Sharder(
                            context.session(),
                            new TokenizerSource(
                                URI.create(opened.source().model()),
                                model.cache(),
                                model.template()))
                        .run(settings, folder));
    ShardReport report = report(context.directory());
    progress.finish(
        String.format(
            "%,d rows to forget, %,d to keep, %,d tokens, %d workers%s",
            report.forget().rows(),
            report.retain().rows(),
            report.forget().tokens() + report.retain().tokens(),
            report.workers(),
            outcome.skipped() ? ", made before" : ""));
    return outcome.manifest();
  }

  /** What the shard stage of a run wrote about its rows. */
  static ShardReport report(RunDirectory directory) {
    return Documents.read(
        directory.fileSystem(), new Path(directory.shards(), "report.json"), ShardReport.class);
  }

  private void requirePositions(int positions) {
    if (settings.maxLength() > positions) {
      throw LetheCommand.invalid(
          "lethe.shard.max-length = "
              + settings.maxLength()
              + ": expected at most "
              + positions
              + ", the positions of the model");
    }
  }

  private SortedMap<String, String> corpora(JobContext context) {
    TreeMap<String, String> digests = new TreeMap<>();
    for (CorpusSet set : CorpusSet.values()) {
      for (URI uri : settings.uris(set)) {
        Path path = new Path(uri);
        try {
          FileSystem fileSystem = RunDirectory.fileSystem(path, context.hadoop());
          FileStatus[] found = fileSystem.globStatus(path);
          for (FileStatus status : found == null ? new FileStatus[0] : found) {
            Digests.ofTree(fileSystem, status.getPath())
                .forEach(
                    (name, digest) ->
                        digests.put(set.label() + ":" + status.getPath() + ":" + name, digest));
          }
        } catch (IOException e) {
          throw RunErrors.io("reading", uri.toString(), e);
        }
      }
    }
    return digests;
  }
}
