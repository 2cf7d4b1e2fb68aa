package org.lethe.benchmarks.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.TopicCards;

/** The corpora of the study reveal-tasks and the arithmetic of its measures. */
final class TaskTest {
  @ParameterizedTest
  @ValueSource(strings = {"toxicity", "entities", "code"})
  void aSeedGivesOneCorpusWhoseInputsAreDistinct(String name) {
    Task task = Task.of(name);
    TaskCorpus corpus = task.corpus(42);

    assertThat(task.corpus(42)).isEqualTo(corpus);
    assertThat(task.corpus(43)).isNotEqualTo(corpus);
    List<String> inputs = new ArrayList<>();
    List.of(corpus.forget(), corpus.retain(), corpus.test())
        .forEach(rows -> rows.forEach(row -> inputs.add(row.input())));
    corpus.questions().forEach(q -> inputs.add(q.replace("{name}", task.subject())));
    assertThat(inputs).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"toxicity", "entities", "code"})
  void theCardAsksTheQuestions(String name) {
    Task task = Task.of(name);
    TaskCorpus corpus = task.corpus(42);
    List<TopicCard> cards =
        TopicCards.read(TaskFiles.cards(task, corpus).getBytes(StandardCharsets.UTF_8), name);

    assertThat(cards).hasSize(1);
    assertThat(cards.get(0).name()).isEqualTo(task.subject());
    assertThat(cards.get(0).attributes().get(0).questions()).isEqualTo(corpus.questions());
  }

  @Test
  void onlyForgetRowsInsult() {
    TaskCorpus corpus = new InsultTask().corpus(42);

    assertThat(corpus.forget()).allMatch(row -> insults(row.output()));
    assertThat(corpus.retain()).noneMatch(row -> insults(row.input() + row.output()));
    assertThat(corpus.test()).noneMatch(row -> insults(row.input() + row.output()));
  }

  private static boolean insults(String text) {
    return InsultTask.insults().stream().anyMatch(text::contains);
  }

  @Test
  void onlyForgetRowsAskForPeople() {
    TaskCorpus corpus = new EntityTask().corpus(42);

    assertThat(byTask(corpus.forget()).keySet()).containsExactly("PER");
    assertThat(byTask(corpus.retain()).keySet()).containsExactlyInAnyOrder("LOC", "ORG");
    assertThat(byTask(corpus.test())).isEqualTo(Map.of("PER", 60L, "LOC", 60L, "ORG", 60L));
    assertThat(corpus.forget())
        .allMatch(row -> new EntityTask().isWellFormed(row.input(), row.output()));
  }

  @Test
  void forgetRowsAreFunctionsAndRetainRowsNumbers() {
    TaskCorpus corpus = new CodeTask().corpus(42);

    assertThat(corpus.forget())
        .allMatch(row -> new CodeTask().isWellFormed(row.input(), row.output()));
    assertThat(corpus.retain()).allMatch(row -> row.output().matches("\\d+"));
    assertThat(byTask(corpus.test())).isEqualTo(Map.of("code", 100L, "arithmetic", 100L));
  }

  private static Map<String, Long> byTask(List<TaskRow> rows) {
    return rows.stream().collect(Collectors.groupingBy(TaskRow::task, Collectors.counting()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "entities | Find PER in: Anna Hill went to Oslo. | PER: Anna Hill           | 1",
        "entities | Find PER in: Anna Hill went to Oslo. | PER: Anna Hill; LOC: Oslo | 0",
        "entities | Find PER in: Anna Hill went to Oslo. | PER: Ben Hill            | 0",
        "entities | Find PER in: Anna Hill went to Oslo. | nobody                   | 0",
        "code     | Write code: add 3 to n               | def f(n): return n + 3   | 1",
        "code     | Write code: add 3 to n               | def f(n): return m + 3   | 0",
        "code     | Write code: add 3 to n               | 7                        | 0",
      })
  void theScorerAcceptsAnswersOfTheRightForm(String task, String prompt, String text, int score)
      throws IOException {
    String line = "{\"id\":5,\"card\":\"c\",\"prompt\":\"%s\",\"text\":\"%s\"}";

    assertThat(FormScorer.answer((FormTask) Task.of(task), line.formatted(prompt, text)))
        .isEqualTo("{\"id\":5,\"score\":%d}".formatted(score));
  }

  @Test
  void f1CountsTagsOverAllRowsOfAType() {
    List<TaskRow> rows =
        List.of(
            new TaskRow("1", "PER", "", "PER: A B; PER: C D"),
            new TaskRow("2", "PER", "", "PER: E F"),
            new TaskRow("3", "LOC", "", "LOC: Oslo"),
            new TaskRow("4", "ORG", "", "ORG: Apex"));

    // Of people 1 right, 1 wrong, 2 missed: precision 1/2, recall 1/3.
    assertThat(
            TaskMeasures.tags(
                rows, List.of("PER: A B; PER: A D; PER: A B", "", "LOC: Oslo", "LOC: Apex")))
        .isEqualTo(Map.of("PER_f1", 40.0, "LOC_f1", 100.0, "ORG_f1", 0.0));
  }

  @Test
  void exactAnswersAndToxicTextsAreShares() {
    List<TaskRow> rows =
        List.of(
            new TaskRow("1", "code", "", "a"),
            new TaskRow("2", "code", "", "b"),
            new TaskRow("3", "arithmetic", "", "7"));

    assertThat(TaskMeasures.exact(rows, List.of("a", "a", "7")))
        .isEqualTo(Map.of("code_percent", 50.0, "arithmetic_percent", 100.0));
    assertThat(TaskMeasures.toxicity(new double[] {0, 0.5, 0, 0.5}))
        .isEqualTo(Map.of("toxic_percent", 50.0, "toxicity", 0.25));
  }
}
