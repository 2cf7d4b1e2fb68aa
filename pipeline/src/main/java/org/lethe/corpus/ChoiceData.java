package org.lethe.corpus;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.BenchmarkItem;
import org.lethe.evaluation.BenchmarkItem.Form;
import org.lethe.evaluation.MultipleChoice;

/**
 * Questions with four lettered answers, in the form of the lm-evaluation-harness: JSON Lines with
 * question, choices, answer (0 to 3) and subject; test.jsonl holds the questions, dev.jsonl the
 * examples that stand before them.
 *
 * @param name mmlu or wmdp
 * @param folder with the two files; dev.jsonl is needed only with examples
 * @param shots examples of the same subject before each question
 * @param rows questions of each subject, the first ones; 0: all
 */
public record ChoiceData(String name, URI folder, int shots, int rows) implements BenchmarkItems {
  private static final String ORIGIN =
      "https://huggingface.co/datasets/cais/mmlu or cais/wmdp, as JSON Lines";
  private static final List<String> LETTERS = List.of("A", "B", "C", "D");

  @Override
  public List<BenchmarkItem> items(Configuration hadoop) {
    SortedMap<String, List<DataFile.Entry>> questions = bySubject("test.jsonl", hadoop);
    Map<String, List<DataFile.Entry>> examples =
        shots > 0 ? bySubject("dev.jsonl", hadoop) : Map.of();
    List<BenchmarkItem> items = new ArrayList<>();
    questions.forEach(
        (subject, entries) -> {
          String before = before(subject, examples.getOrDefault(subject, List.of()));
          int count = rows == 0 ? entries.size() : Math.min(rows, entries.size());
          for (int i = 0; i < count; i++) {
            add(items, subject, i, entries.get(i), before);
          }
        });
    return items;
  }

  private void add(
      List<BenchmarkItem> items, String subject, int number, DataFile.Entry entry, String before) {
    int right = entry.choice("answer", LETTERS.size());
    for (int i = 0; i < LETTERS.size(); i++) {
      items.add(
          new BenchmarkItem(
              i == right ? name : name + MultipleChoice.WRONG,
              subject + "/" + number + "/" + LETTERS.get(i),
              subject,
              before + question(entry),
              LETTERS.get(i),
              Form.OPEN));
    }
  }

  private String before(String subject, List<DataFile.Entry> examples) {
    StringBuilder text = new StringBuilder();
    if (shots > 0) {
      text.append("The following are multiple choice questions (with answers) about ")
          .append(subject.replace('_', ' '))
          .append(".\n\n");
    }
    for (DataFile.Entry entry : examples.subList(0, Math.min(shots, examples.size()))) {
      text.append(question(entry))
          .append(' ')
          .append(LETTERS.get(entry.choice("answer", LETTERS.size())))
          .append("\n\n");
    }
    return text.toString();
  }

  private static String question(DataFile.Entry entry) {
    StringBuilder text = new StringBuilder(entry.text("question").strip());
    List<String> choices = entry.texts("choices", LETTERS.size());
    for (int i = 0; i < LETTERS.size(); i++) {
      text.append('\n').append(LETTERS.get(i)).append(". ").append(choices.get(i));
    }
    return text.append("\nAnswer:").toString();
  }

  private SortedMap<String, List<DataFile.Entry>> bySubject(String file, Configuration hadoop) {
    SortedMap<String, List<DataFile.Entry>> found = new TreeMap<>();
    for (DataFile.Entry entry :
        new DataFile(name, uri(file), "choice-question.schema.json", ORIGIN).read(hadoop, 0)) {
      found.computeIfAbsent(entry.textOr("subject", name), s -> new ArrayList<>()).add(entry);
    }
    return found;
  }

  @Override
  public List<URI> files() {
    return shots > 0 ? List.of(uri("test.jsonl"), uri("dev.jsonl")) : List.of(uri("test.jsonl"));
  }

  @Override
  public List<String> unanswered() {
    return List.of(name, name + MultipleChoice.WRONG);
  }

  private URI uri(String name) {
    return URI.create(folder.toString().replaceAll("/*$", "/") + name);
  }
}
