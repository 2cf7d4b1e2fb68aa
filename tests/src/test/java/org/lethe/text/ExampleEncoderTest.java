package org.lethe.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.LetheException;

/** With a tokenizer without merges, each token is one byte: id 3 plus its value. */
final class ExampleEncoderTest {
  @TempDir private static Path directory;
  private static Tokenizer tokenizer;
  private static ExampleEncoder encoder;

  @BeforeAll
  static void setUp() {
    TokenizerTrainer.train(List.<String>of().iterator(), 259).writeTo(directory);
    tokenizer = Tokenizer.open(directory);
    encoder = new ExampleEncoder(tokenizer, PromptTemplate.raw());
  }

  @AfterAll
  static void tearDown() {
    tokenizer.close();
  }

  /** Ids of bytes; ^ is the begin token, $ the end token. */
  private static int[] ids(String text) {
    return text.chars().map(c -> c == '^' ? 1 : c == '$' ? 2 : 3 + c).toArray();
  }

  @Test
  void anExampleIsBeginPromptCompletionEnd() {
    EncodedExample encoded = encoder.encode("r1", "Name:", " Ada", 100);
    assertThat(encoded.example().tokens()).isEqualTo(ids("^Name: Ada$"));
    assertThat(encoded.example().promptTokens()).isEqualTo(6);
    assertThat(encoded.example().completionTokens()).isEqualTo(5);
    assertThat(encoded.truncated()).isFalse();
  }

  @Test
  void aSpaceJoinsWhatWouldRunTogether() {
    assertThat(encoder.encode("r", "Name:", "Ada", 100).example().tokens())
        .isEqualTo(ids("^Name: Ada$"));
    assertThat(encoder.encode("r", "Name:\n", "Ada", 100).example().tokens())
        .isEqualTo(ids("^Name:\nAda$"));
    assertThat(encoder.encode("r", "", "Ada", 100).example().tokens()).isEqualTo(ids("^Ada$"));
  }

  @Test
  void thePromptOfAnExampleIsThePromptOfGeneration() {
    Example example = encoder.encode("r", "Name:", "Ada", 100).example();
    assertThat(encoder.encodePrompt("Name:"))
        .isEqualTo(Arrays.copyOf(example.tokens(), example.promptTokens()));
  }

  @Test
  void whatIsTooLongLosesTheEndOfItsCompletion() {
    EncodedExample encoded = encoder.encode("r", "abc", "defghijk", 8);
    assertThat(encoded.example().tokens()).isEqualTo(ids("^abc def"));
    assertThat(encoded.droppedTokens()).isEqualTo(6);
    assertThat(encoded.truncated()).isTrue();
  }

  @Test
  void aPromptThatIsTooLongLosesItsBeginningButNotTheBeginToken() {
    EncodedExample encoded = encoder.encode("r", "abcdefghij", "klm", 8);
    assertThat(encoded.example().tokens()).isEqualTo(ids("^fghij k"));
    assertThat(encoded.example().promptTokens()).isEqualTo(6);
    assertThat(encoded.droppedTokens()).isEqualTo(8);
    assertThat(encoder.encodePrompt("abcdefghij", 4)).isEqualTo(ids("^hij"));
  }

  @Test
  void aShortCompletionIsKeptWhole() {
    assertThat(encoder.encode("r", "abcdefghijklmnop", "", 8).example().tokens())
        .isEqualTo(ids("^klmnop$"));
  }

  @Test
  void anEmptyRowIsStillAnExample() {
    assertThat(encoder.encode("r", "", "", 8).example().tokens()).isEqualTo(ids("^$"));
  }

  @Test
  void aChatTemplateBringsItsOwnSpecialTokens() {
    PromptTemplate template =
        new ChatTemplate(
            "{{ bos_token }}[{{ messages[0].content }}]",
            tokenizer.specialTokens(),
            ChatSettings.DEFAULT,
            "model");
    assertThat(new ExampleEncoder(tokenizer, template).encode("r", "x", "y", 8).example().tokens())
        .isEqualTo(ids("^[x]y$"));
  }

  @Test
  void aLengthWithoutRoomIsRefused() {
    assertThatThrownBy(() -> encoder.encode("r", "a", "b", 3))
        .isInstanceOf(LetheException.class)
        .hasMessage("Invalid maximum length: 3 tokens, expected at least 4");
  }
}
