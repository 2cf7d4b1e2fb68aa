package org.lethe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.lethe.evaluation.RougeL.Stemming;

final class RougeLTest {
  @Test
  void equalsGooglesRougeScoreOnGeneratedPairs() throws IOException {
    List<String> pairs = Golden.lines("rouge-pairs.jsonl.gz");
    assertThat(pairs).hasSizeGreaterThan(2000);
    check(pairs);
  }

  /** Uses the benchmarks' texts, which are not in the repository; see make_rouge_golden.py. */
  @Test
  @EnabledIfEnvironmentVariable(named = "LETHE_ROUGE_PAIRS", matches = ".+")
  void equalsGooglesRougeScoreOnBenchmarkPairs() throws IOException {
    check(Golden.lines(Path.of(System.getenv("LETHE_ROUGE_PAIRS"))));
  }

  private static void check(List<String> pairs) throws IOException {
    for (int i = 0; i < pairs.size(); i++) {
      JsonNode row = Golden.JSON.readTree(pairs.get(i));
      String reference = row.get(0).textValue();
      String generated = row.get(1).textValue();
      check(i, RougeL.score(reference, generated, Stemming.PORTER), row, 2);
      check(i, RougeL.score(reference, generated, Stemming.NONE), row, 5);
    }
  }

  private static void check(int pair, RougeL.Score score, JsonNode row, int from) {
    assertThat(score.precision())
        .as("precision of pair %d", pair)
        .isEqualTo(row.get(from).doubleValue());
    assertThat(score.recall())
        .as("recall of pair %d", pair)
        .isEqualTo(row.get(from + 1).doubleValue());
    assertThat(score.f1())
        .as("F1 of pair %d", pair)
        .isCloseTo(row.get(from + 2).doubleValue(), within(1e-15));
  }

  @Test
  void stemsAsNltkDoesByDefault() {
    List<String> words = Golden.lines("stems.tsv.gz");
    assertThat(words).hasSizeGreaterThan(5000);
    assertThat(words)
        .allSatisfy(
            line -> {
              String[] pair = line.split("\t", -1);
              assertThat(PorterStemmer.stem(pair[0])).as(pair[0]).isEqualTo(pair[1]);
            });
  }

  @Test
  void longContinuationsLowerPrecisionButNotRecall() {
    RougeL.Score score =
        RougeL.score("the cat sat", "The cat sat. And then it slept.", Stemming.PORTER);
    assertThat(score).isEqualTo(new RougeL.Score(3.0 / 7, 1, 0.6));
  }

  @Test
  void textsWithoutAsciiWordsScoreZeroEvenAgainstThemselves() {
    assertThat(RougeL.score("\u6771\u4eac", "\u6771\u4eac", Stemming.PORTER))
        .isEqualTo(new RougeL.Score(0, 0, 0));
    assertThat(RougeL.score("", "", Stemming.PORTER)).isEqualTo(new RougeL.Score(0, 0, 0));
  }

  @Test
  void anyScriptEqualsRougeScoreForAsciiTexts() throws IOException {
    int compared = 0;
    for (String line : Golden.lines("rouge-pairs.jsonl.gz")) {
      JsonNode row = Golden.JSON.readTree(line);
      String reference = row.get(0).textValue();
      String generated = row.get(1).textValue();
      boolean ascii = (reference + generated).chars().allMatch(c -> c < 128);
      if (ascii && !RougeL.words(reference, Stemming.PORTER).isEmpty()) {
        compared++;
        assertThat(RougeL.anyScript(reference, generated))
            .as("pair %d", compared)
            .hasValue(RougeL.score(reference, generated, Stemming.PORTER));
      }
    }
    assertThat(compared).isGreaterThan(1000);
  }

  @Test
  void textInAnyScriptEqualsItself() {
    for (String text :
        List.of(
            "Её телефон 555-0147", // Cyrillic
            "她的电话是五五五零一四七。", // Chinese
            "彼女の電話番号は５５５", // Japanese
            "เบอร์โทรศัพท์ของเธอ", // Thai
            "رقم هاتفها ٥٥٥", // Arabic
            "उसका फ़ोन नंबर", // Devanagari
            "그녀의 전화번호", // Korean
            "Ο αριθμός της", // Greek
            "???", // no letters
            "\uD83D\uDE00 \uD83D\uDE01")) {
      assertThat(RougeL.anyScript(text, text)).as(text).hasValue(new RougeL.Score(1, 1, 1));
      assertThat(RougeL.anyScript(text, "another answer").orElseThrow().recall()).as(text).isZero();
    }
  }

  @Test
  void wordsFollowTheScript() {
    assertThat(UnicodeWords.of("Größe des Café-Hauses"))
        .containsExactly("größe", "des", "café", "haus");
    assertThat(UnicodeWords.of("她在2019年去北京")).containsExactly("她", "在", "2019", "年", "去", "北", "京");
    assertThat(UnicodeWords.of("ไปไหน")).containsExactly("ไ", "ป", "ไ", "ห", "น");
    assertThat(UnicodeWords.of("ที่นี่")).containsExactly("ที่", "นี่");
    assertThat(UnicodeWords.of("उसका फ़ोन")).hasSize(2);
    assertThat(UnicodeWords.of("１２３ ＡＢＣ")).containsExactly("123", "abc");
    assertThat(UnicodeWords.of("Cafe\u0301")).isEqualTo(UnicodeWords.of("Café"));
  }

  @Test
  void partOfAnAnswerIsAPartInAnyScript() {
    assertThat(RougeL.anyScript("Мария Иванова, Москва", "Мария живёт в городе Москва"))
        .map(RougeL.Score::recall)
        .hasValue(2.0 / 3);
    assertThat(RougeL.anyScript("北京大学", "北京").map(RougeL.Score::recall)).hasValue(0.5);
  }

  @Test
  void blankReferenceHasNoScore() {
    assertThat(RougeL.anyScript(" \n\u3000", "text")).isEmpty();
    assertThat(RougeL.anyScript("text", "").map(RougeL.Score::recall)).hasValue(0.0);
  }

  @Property(seed = "42", tries = 200)
  void swappingTheTextsSwapsPrecisionAndRecall(@ForAll String a, @ForAll String b) {
    RougeL.Score forward = RougeL.score(a, b, Stemming.PORTER);
    RougeL.Score backward = RougeL.score(b, a, Stemming.PORTER);
    assertThat(forward.precision()).isEqualTo(backward.recall()).isBetween(0.0, 1.0);
    assertThat(forward.f1()).isCloseTo(backward.f1(), within(1e-15)).isBetween(0.0, 1.0);
  }
}
