package org.lethe.reveal.relevance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.reveal.Words;

final class FactSpansTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Odile Farrow was born in 1970 in Grell. | 1970 / Grell",
        "Odile Farrow was born in Stratford-upon-Avon. | Stratford-upon-Avon",
        // Shared prose carries the fact if there is neither a name nor a number.
        "Odile Farrow was a quiet keeper. | a / quiet / keeper",
        // Words of the question are given.
        "She was born on 4 May. | 4 / May",
        // A capital at the beginning of a sentence means nothing.
        "In Grell she lived in peace. | Grell",
        "Grell | Grell",
        "She sang. Then Ida came. | Ida",
        "Farrow's light | s / light",
        "Odile Farrow's e-mail is odile.farrow@example.org. | odile.farrow@example.org",
        "When was Odile Farrow born? | ''",
        "'' | ''",
        "日本 1970 | 1970",
      })
  void namesAndNumbersCarryTheFact(String sentence, String expected) {
    HashSet<String> given = new HashSet<>(Words.of("When was Odile Farrow born?"));
    String found =
        FactSpans.of(sentence, given).stream()
            .map(span -> sentence.substring(span.from(), span.to()))
            .collect(Collectors.joining(" / "));
    assertThat(List.of(found)).containsExactly(expected);
  }
}
