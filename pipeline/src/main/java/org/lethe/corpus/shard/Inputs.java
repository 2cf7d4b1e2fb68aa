package org.lethe.corpus.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.InputFiles;
import org.lethe.corpus.input.InputFiles.Listing;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.JsonLinesInput;
import scala.Tuple2;

/**
 * The input files of both corpora and their splits.
 *
 * @param files names of the files of each corpus
 * @param skipped number of files of each corpus that hold no rows
 * @param splits the splits, in the order of the input
 * @param bytes size of all files
 * @param exclusions files of the exclusion list
 * @param forgetTasks task of the rows of each forget file, by the file's index; empty if rows keep
 *     their own
 */
record Inputs(
    Map<CorpusSet, List<String>> files,
    Map<CorpusSet, Integer> skipped,
    List<InputSplit> splits,
    long bytes,
    List<String> exclusions,
    Map<Integer, String> forgetTasks) {

  /** Finds the files. Counts lines if several tasks read one file. */
  static Inputs find(
      JavaSparkContext context,
      Broadcast<SerializableConfiguration> configuration,
      ShardSettings settings,
      long splitBytes) {
    InputFiles inputs =
        new InputFiles(configuration.value().value(), settings.fields(), splitBytes);
    Map<CorpusSet, List<FileStatus>> files = new EnumMap<>(CorpusSet.class);
    Map<CorpusSet, Integer> skipped = new EnumMap<>(CorpusSet.class);
    List<InputSplit> splits = new ArrayList<>();
    for (CorpusSet set : CorpusSet.values()) {
      Listing listing = inputs.list(settings.uris(set));
      List<FileStatus> found = listing.files();
      files.put(set, found);
      skipped.put(set, listing.skipped());
      splits.addAll(inputs.splits(set, found, splits.size()));
    }
    List<InputSplit> cut =
        splits.stream()
            .filter(split -> split.format() == InputSplit.Format.JSON_LINES)
            .filter(split -> split.length() < files.get(split.set()).get(split.file()).getLen())
            .toList();
    Map<CorpusSet, List<String>> names = new EnumMap<>(CorpusSet.class);
    files.forEach(
        (set, found) -> names.put(set, found.stream().map(f -> f.getPath().toString()).toList()));
    return new Inputs(
        names,
        skipped,
        numbered(splits, lines(context, configuration, cut)),
        files.values().stream().flatMap(List::stream).mapToLong(FileStatus::getLen).sum(),
        inputs.list(settings.exclude()).files().stream().map(f -> f.getPath().toString()).toList(),
        tasks(inputs, settings));
  }

  private static Map<Integer, String> tasks(InputFiles inputs, ShardSettings settings) {
    Map<Integer, String> tasks = new HashMap<>();
    for (int i = 0; i < settings.forgetTasks().size(); i++) {
      int files = inputs.list(List.of(settings.forget().get(i))).files().size();
      for (int file = 0; file < files; file++) {
        tasks.put(tasks.size(), settings.forgetTasks().get(i));
      }
    }
    return tasks;
  }

  /** Returns the number of lines of each split. */
  private static Map<Integer, Long> lines(
      JavaSparkContext context,
      Broadcast<SerializableConfiguration> configuration,
      List<InputSplit> cut) {
    Map<Integer, Long> lines = new HashMap<>();
    if (!cut.isEmpty()) {
      context
          .parallelize(cut, cut.size())
          .map(split -> new Tuple2<>(split.number(), count(split, configuration)))
          .collect()
          .forEach(count -> lines.put(count._1(), count._2()));
    }
    return lines;
  }

  private static long count(InputSplit split, Broadcast<SerializableConfiguration> configuration)
      throws IOException {
    try (JsonLinesInput input = new JsonLinesInput(split, configuration.value().value())) {
      return input.countLines();
    }
  }

  /** Gives every split of a JSON Lines file the number of its first line. */
  private static List<InputSplit> numbered(List<InputSplit> splits, Map<Integer, Long> lines) {
    List<InputSplit> numbered = new ArrayList<>();
    long next = 1;
    for (InputSplit split : splits) {
      next = split.start() == 0 ? 1 : next;
      numbered.add(lines.containsKey(split.number()) ? split.startingAtLine(next) : split);
      next += lines.getOrDefault(split.number(), 0L);
    }
    return numbered;
  }

  /** Returns the names of the files, by corpus. */
  List<List<String>> paths() {
    return Arrays.stream(CorpusSet.values()).map(files::get).toList();
  }

  /** Returns the corpus of a split. */
  CorpusSet setOf(int split) {
    return splits.get(split).set();
  }
}
