package org.lethe.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.LetheException;

final class TokenizerTrainerTest {
  private static final List<String> CORPUS = corpus(7);

  @TempDir private static Path directory;
  private static TrainedTokenizer trained;

  private static List<String> corpus(long seed) {
    String[] words =
        "the born in Ada Turner lives phone address works river 1974 and of".split(" ");
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, 400)
        .mapToObj(
            i ->
                IntStream.range(0, 12)
                        .mapToObj(j -> words[random.nextInt(words.length)])
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow()
                    + ".")
        .toList();
  }

  @BeforeAll
  static void train() {
    trained = TokenizerTrainer.train(CORPUS.iterator(), 340);
    trained.writeTo(directory);
  }

  @Test
  void theHuggingFaceLibraryLoadsIt() {
    try (Tokenizer tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(trained.vocabularySize());
      assertThat(tokenizer.beginToken()).hasValue(1);
      assertThat(tokenizer.endToken()).isEqualTo(2);
      assertThat(tokenizer.addsBeginToken()).isTrue();
      assertThat(tokenizer.prefixesSpace()).isFalse();
    }
  }

  @Test
  void mergesMakeTheCorpusShorter() {
    try (Tokenizer tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.encode("Ada Turner lives")).hasSizeLessThan(6);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ada Turner lives in the river.",
        "  two spaces, tab\t and\nnew lines\r\n ",
        "Grüße aus Köln, 東京, Ελλάδα \uD83D\uDE80\uD83C\uDFFD e\u0301 \u200f\u0000\u00ad\u007f",
        "it's we'll 1974-05-03 +49 (0)221/555"
      })
  void anyTextSurvives(String text) {
    try (Tokenizer tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
  }

  @Test
  void everyByteHasAnIdOfItsOwn() {
    try (Tokenizer tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.encode("~")).containsExactly(3 + '~');
      assertThat(tokenizer.encode("\u0007")).containsExactly(3 + 7);
    }
  }

  @Test
  void theSameTextsGiveTheSameFile() {
    assertThat(TokenizerTrainer.train(CORPUS.iterator(), 340)).isEqualTo(trained);
  }

  @Test
  void trainingStopsWhenNoPairOccursTwice() {
    assertThat(TokenizerTrainer.train(List.of("ab", "cd").iterator(), 500).vocabularySize())
        .isEqualTo(259);
  }

  @Test
  void aVocabularyWithoutAllBytesIsRefused() {
    assertThatThrownBy(() -> TokenizerTrainer.train(CORPUS.iterator(), 258))
        .isInstanceOf(LetheException.class)
        .hasMessage("Invalid vocabulary size: 258, expected 259 to 1048576");
  }
}
