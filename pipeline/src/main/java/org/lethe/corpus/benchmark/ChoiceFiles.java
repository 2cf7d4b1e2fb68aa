package org.lethe.corpus.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.BenchmarkErrors;
import org.lethe.error.RunErrors;
import org.lethe.store.FileSystems;

/**
 * The files of a multiple-choice benchmark, in one of the published layouts:
 *
 * <ul>
 *   <li>test.jsonl and dev.jsonl: question, choices, answer (0 to 3), subject;
 *   <li>folders test and dev with a file SUBJECT_test.csv or SUBJECT_dev.csv for each subject:
 *       question, four choices, answer as a letter or from 0 to 3, with or without a header (MMLU);
 *   <li>bio_questions.json and the like: one array each, no examples (WMDP).
 * </ul>
 *
 * @param benchmark mmlu or wmdp
 * @param folder folder of the files
 */
record ChoiceFiles(String benchmark, URI folder, Configuration hadoop) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ORIGIN =
      "https://huggingface.co/datasets/cais/mmlu or cais/wmdp as JSON Lines,"
          + " https://github.com/hendrycks/test as CSV or https://github.com/centerforaisafety/wmdp"
          + " as JSON";
  private static final String QUESTIONS = "_questions.json";

  /** WMDP's subjects, as its prompts name them. */
  private static final Map<String, String> SUBJECTS =
      Map.of("bio", "biology", "chem", "chemistry", "cyber", "cybersecurity");

  private static final int CHOICES = 4;

  /** The part of the data. */
  enum Split {
    /** Questions to score. */
    TEST,
    /** Examples that precede the questions. */
    DEV;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Returns all files of a split, ordered by name.
   *
   * @throws org.lethe.error.LetheException INPUT if there are none; the message names their source
   */
  List<URI> locations(Split split) {
    Path home = new Path(folder);
    Path lines = new Path(home, split.label() + ".jsonl");
    try {
      FileSystem files = FileSystems.of(home, hadoop);
      if (files.exists(lines)) {
        return List.of(lines.toUri());
      }
      List<URI> found = new ArrayList<>();
      Path tables = new Path(home, split.label());
      if (files.exists(tables)) {
        found.addAll(ending(files, tables, "_" + split.label() + ".csv"));
      } else if (split == Split.TEST && files.exists(home)) {
        found.addAll(ending(files, home, QUESTIONS));
      }
      if (found.isEmpty()) {
        throw BenchmarkErrors.missingData(benchmark, lines.toString(), ORIGIN);
      }
      return found;
    } catch (IOException e) {
      throw RunErrors.io("listing", folder.toString(), e);
    }
  }

  private static List<URI> ending(FileSystem files, Path folder, String end) throws IOException {
    return Arrays.stream(files.listStatus(folder))
        .map(FileStatus::getPath)
        .filter(path -> path.getName().endsWith(end))
        .map(Path::toUri)
        .sorted()
        .toList();
  }

  /** Returns the questions of each subject. */
  SortedMap<String, List<DataFile.Entry>> bySubject(Split split) {
    SortedMap<String, List<DataFile.Entry>> found = new TreeMap<>();
    for (URI uri : locations(split)) {
      DataFile file = new DataFile(benchmark, uri, "choice-question.schema.json", ORIGIN);
      String subject = subject(new Path(uri).getName(), split);
      List<DataFile.Entry> entries =
          uri.getPath().endsWith(".csv") ? table(file) : file.read(hadoop, 0);
      for (DataFile.Entry entry : entries) {
        found.computeIfAbsent(entry.textOr("subject", subject), s -> new ArrayList<>()).add(entry);
      }
    }
    return found;
  }

  private String subject(String file, Split split) {
    if (file.endsWith(".csv")) {
      return file.substring(0, file.length() - ("_" + split.label() + ".csv").length());
    }
    if (file.endsWith(QUESTIONS)) {
      String name = file.substring(0, file.length() - QUESTIONS.length());
      return SUBJECTS.getOrDefault(name, name);
    }
    return benchmark;
  }

  /** Returns the rows of a CSV file as records of the schema. */
  private List<DataFile.Entry> table(DataFile file) {
    List<DataFile.Entry> entries = new ArrayList<>();
    for (CsvRows.Row row : CsvRows.read(file.content(hadoop))) {
      List<String> cells = row.cells();
      if (row.number() == 1 && cells.get(0).equals("question")) {
        continue;
      }
      if (cells.size() < CHOICES + 2) {
        throw file.bad(row.number(), cells.size() + " columns");
      }
      ObjectNode node = JSON.createObjectNode().put("question", cells.get(0));
      cells.subList(1, CHOICES + 1).forEach(node.withArray("choices")::add);
      entries.add(
          new DataFile.Entry(
              file, row.number(), node.put("answer", answer(cells.get(CHOICES + 1)))));
    }
    if (entries.isEmpty()) {
      throw file.bad(1, "the file is empty");
    }
    return entries;
  }

  /**
   * Returns the answer's index from 0, or -1 for an invalid answer, which the reader of the record
   * rejects.
   */
  private static int answer(String cell) {
    String text = cell.strip();
    return text.length() == 1 ? Math.max("ABCD".indexOf(text), "0123".indexOf(text)) : -1;
  }
}
