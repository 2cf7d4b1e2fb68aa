package org.lethe.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lethe.error.TextErrors;

/**
 * A tokenizer trained by {@link TokenizerTrainer}, as the files of a Hugging Face directory.
 *
 * @param tokenizerJson tokenizer.json
 * @param tokenizerConfigJson tokenizer_config.json
 * @param vocabularySize number of ids
 */
public record TrainedTokenizer(
    String tokenizerJson, String tokenizerConfigJson, int vocabularySize) {
  /** Id of the unknown token. Byte-level text never needs it. */
  public static final int UNKNOWN_TOKEN = 0;

  /** Id of the begin token. */
  public static final int BEGIN_TOKEN = 1;

  /** Id of the end token. */
  public static final int END_TOKEN = 2;

  /** Writes both files into an existing local directory. */
  public void writeTo(Path directory) {
    try {
      Files.writeString(directory.resolve("tokenizer.json"), tokenizerJson, StandardCharsets.UTF_8);
      Files.writeString(
          directory.resolve("tokenizer_config.json"), tokenizerConfigJson, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw TextErrors.cannotWrite(directory, e);
    }
  }
}
