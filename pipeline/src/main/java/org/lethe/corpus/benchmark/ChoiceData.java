package org.lethe.corpus.benchmark;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.benchmark.ChoiceFiles.Split;
import org.lethe.evaluation.ChoiceSets;
import org.lethe.evaluation.benchmark.BenchmarkItem;
import org.lethe.evaluation.benchmark.BenchmarkItem.Form;
import org.lethe.evaluation.benchmark.ShotPrompt;

/**
 * Multiple-choice questions with four lettered answers, in the format of the lm-evaluation-harness.
 * The header names the subject even without examples.
 *
 * @param name mmlu or wmdp
 * @param folder folder of the questions and, if needed, of the examples; see {@link ChoiceFiles}
 * @param shots examples of the same subject before each question
 * @param rows first questions of each subject to use; 0: all
 */
public record ChoiceData(String name, URI folder, int shots, int rows) implements BenchmarkItems {
  private static final List<String> LETTERS = List.of("A", "B", "C", "D");

  @Override
  public List<BenchmarkItem> items(Configuration hadoop) {
    ChoiceFiles files = new ChoiceFiles(name, folder, hadoop);
    SortedMap<String, List<DataFile.Entry>> questions = files.bySubject(Split.TEST);
    Map<String, List<DataFile.Entry>> examples = shots > 0 ? files.bySubject(Split.DEV) : Map.of();
    List<BenchmarkItem> items = new ArrayList<>();
    questions.forEach(
        (subject, entries) -> {
          List<String> before = before(examples.getOrDefault(subject, List.of()));
          int count = rows == 0 ? entries.size() : Math.min(rows, entries.size());
          for (int i = 0; i < count; i++) {
            add(items, subject, i, entries.get(i), before);
          }
        });
    return items;
  }

  private void add(
      List<BenchmarkItem> items,
      String subject,
      int number,
      DataFile.Entry entry,
      List<String> before) {
    int right = entry.choice("answer", LETTERS.size());
    ShotPrompt prompt = new ShotPrompt(header(subject), before, question(entry));
    for (int i = 0; i < LETTERS.size(); i++) {
      items.add(
          new BenchmarkItem(
              i == right ? name : name + ChoiceSets.WRONG,
              subject + "/" + number + "/" + LETTERS.get(i),
              subject,
              prompt,
              LETTERS.get(i),
              Form.OPEN));
    }
  }

  private static String header(String subject) {
    return "The following are multiple choice questions (with answers) about "
        + subject.replace('_', ' ')
        + ".\n\n";
  }

  private List<String> before(List<DataFile.Entry> examples) {
    return examples.stream()
        .limit(shots)
        .map(
            entry ->
                question(entry)
                    + ' '
                    + LETTERS.get(entry.choice("answer", LETTERS.size()))
                    + "\n\n")
        .toList();
  }

  private static String question(DataFile.Entry entry) {
    StringBuilder text = new StringBuilder(entry.text("question").strip());
    List<String> choices = entry.texts("choices", LETTERS.size());
    for (int i = 0; i < LETTERS.size(); i++) {
      text.append('\n').append(LETTERS.get(i)).append(". ").append(choices.get(i));
    }
    return text.append("\nAnswer:").toString();
  }

  @Override
  public List<URI> files(Configuration hadoop) {
    ChoiceFiles files = new ChoiceFiles(name, folder, hadoop);
    List<URI> all = new ArrayList<>(files.locations(Split.TEST));
    if (shots > 0) {
      all.addAll(files.locations(Split.DEV));
    }
    return all;
  }

  @Override
  public List<String> unanswered() {
    return List.of(name, name + ChoiceSets.WRONG);
  }
}
