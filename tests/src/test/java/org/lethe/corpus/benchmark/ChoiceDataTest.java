package org.lethe.corpus.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.LetheException;
import org.lethe.evaluation.benchmark.BenchmarkItem;

/** Multiple-choice questions in the published layouts. */
final class ChoiceDataTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  @Test
  void csvWithAndWithoutHeaderGivesTheSameQuestions() throws IOException {
    write("test/moral_tales_test.csv", "\"Who, \"\"then\"\"?\nSay.\",a,\"b, c\",d,e,B\r\n");
    write("dev/moral_tales_dev.csv", "One?,1,2,3,4,A\nTwo?,5,6,7,8,D\n");
    List<BenchmarkItem> letters = items(2);
    write(
        "test/moral_tales_test.csv",
        "question,choice0,choice1,choice2,choice3,answer\n"
            + "\"Who, \"\"then\"\"?\nSay.\",a,\"b, c\",d,e,1\n");

    assertThat(items(2)).isEqualTo(letters).hasSize(4);
    assertThat(letters.get(1).set()).isEqualTo("mmlu");
    assertThat(letters.get(1).id()).isEqualTo("moral_tales/0/B");
    assertThat(letters.get(0).set()).isEqualTo("mmlu-wrong");
    assertThat(letters.get(0).prompt().text(0))
        .isEqualTo(
            "The following are multiple choice questions (with answers) about moral tales.\n\n"
                + "One?\nA. 1\nB. 2\nC. 3\nD. 4\nAnswer: A\n\n"
                + "Two?\nA. 5\nB. 6\nC. 7\nD. 8\nAnswer: D\n\n"
                + "Who, \"then\"?\nSay.\nA. a\nB. b, c\nC. d\nD. e\nAnswer:");
  }

  @Test
  void aPromptLosesItsFirstExamplesAndKeepsHeaderAndQuestion() throws IOException {
    write("test/tales_test.csv", "Who?,a,b,c,d,B\n");
    write("dev/tales_dev.csv", "One?,1,2,3,4,A\nTwo?,5,6,7,8,D\n");

    String text = items(2).get(0).prompt().text(1);

    assertThat(text).startsWith("The following").contains("Two?").doesNotContain("One?");
    assertThat(text).endsWith("Who?\nA. a\nB. b\nC. c\nD. d\nAnswer:");
    assertThat(items(2).get(0).prompt().text(2)).doesNotContain("Two?").contains("Who?");
  }

  @Test
  void questionsOfWmdpHaveTheSubjectOfTheirFile() throws IOException {
    write(
        "bio_questions.json",
        "[{\"question\":\"Who?\",\"choices\":[\"a\",\"b\",\"c\",\"d\"],\"answer\":3}]");

    List<BenchmarkItem> items = new ChoiceData("wmdp", folder.toUri(), 0, 0).items(HADOOP);

    assertThat(items.get(3).set()).isEqualTo("wmdp");
    assertThat(items.get(3).task()).isEqualTo("biology");
    assertThat(items.get(3).prompt().text(0)).contains("about biology.\n\nWho?");
  }

  @Test
  void missingFieldIsReportedByLine() throws IOException {
    write("test/tales_test.csv", "\"Who\nis it?\",a,b,c,d,B\nWhat?,a,b,c,d,E\n");

    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> items(0))
        .withMessageContaining("line 3 of ")
        .withMessageContaining("no whole number from 0 to 3 in field answer");
    write("test/tales_test.csv", "What?,a,b\n");
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> items(0))
        .withMessageContaining("3 columns");
  }

  @Test
  void missingFilesAreNamedWithTheirOrigin() {
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> items(0))
        .withMessageStartingWith("Missing data of benchmark mmlu: no ")
        .withMessageContaining("test.jsonl; get it from https://huggingface.co/datasets/cais/mmlu");
  }

  private List<BenchmarkItem> items(int shots) {
    return new ChoiceData("mmlu", folder.toUri(), shots, 0).items(HADOOP);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
