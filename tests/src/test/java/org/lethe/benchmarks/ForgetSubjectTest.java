package org.lethe.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.reveal.OracleChoice;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.TopicCards;
import org.lethe.reveal.Words;

/** The questions and cards of the study forget-subject. */
final class ForgetSubjectTest {
  private static final Path STUDY =
      Path.of(System.getProperty("lethe.repository"), "tests/benchmarks/forget-subject");

  /** Lines without the heading, by kind. */
  private static Map<String, List<List<String>>> questions(String name) throws IOException {
    return Files.readAllLines(STUDY.resolve("questions/" + name + ".tsv")).stream()
        .skip(1)
        .map(line -> Arrays.asList(line.split("\t", -1)))
        .collect(Collectors.groupingBy(fields -> fields.get(0), TreeMap::new, Collectors.toList()));
  }

  private static Map<String, Integer> sound(Map<String, List<List<String>>> questions) {
    Map<String, Integer> counts = new TreeMap<>();
    questions.forEach(
        (kind, rows) -> {
          counts.put(kind, rows.size());
          assertThat(rows).doesNotHaveDuplicates();
          for (List<String> row : rows) {
            assertThat(row).hasSize(6);
            assertThat(row.subList(2, 6)).doesNotHaveDuplicates().doesNotContain("");
          }
        });
    return counts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"shakespeare", "einstein", "mozart"})
  void everySubjectHasItsQuestionsAndItsCard(String subject) throws IOException {
    Map<String, List<List<String>>> about = questions(subject);
    assertThat(sound(about))
        .isEqualTo(Map.of("direct", 12, "paraphrased", 10, "reversed", 8, "multi-hop", 8));
    assertThat(sound(questions(subject + "-neighbours"))).isEqualTo(Map.of("neighbour", 30));

    List<TopicCard> cards =
        TopicCards.read(Files.readAllBytes(STUDY.resolve("cards/" + subject + ".json")), subject);
    assertThat(cards).hasSize(1);
    TopicCard card = cards.get(0);
    assertThat(card.oracle()).isEqualTo(new OracleChoice.Contrast());
    assertThat(card.neighbours()).hasSizeGreaterThanOrEqualTo(4);
    for (String kind : List.of("direct", "paraphrased")) {
      assertThat(about.get(kind)).allMatch(row -> row.get(1).contains(card.name()));
    }
    assertThat(about.get("reversed"))
        .allMatch(row -> row.get(2).equals(card.name()) && !row.get(1).contains(card.name()));
    assertThat(about.get("multi-hop")).noneMatch(row -> row.get(1).contains(card.name()));
  }

  @Test
  void generalQuestionsNameNoSubject() throws IOException {
    Map<String, List<List<String>>> general = questions("general");
    assertThat(sound(general)).isEqualTo(Map.of("general", 60));
    assertThat(general.get("general"))
        .noneMatch(
            row -> {
              List<String> words = Words.of(row.get(1));
              return words.contains("shakespeare")
                  || words.contains("einstein")
                  || words.contains("mozart");
            });
  }
}
