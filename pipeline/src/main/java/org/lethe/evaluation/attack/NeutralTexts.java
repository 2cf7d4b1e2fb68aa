package org.lethe.evaluation.attack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Texts of general knowledge, about no person, to measure side effects on. One a line. */
public final class NeutralTexts {
  private static final String RESOURCE = "neutral-texts.txt";

  private NeutralTexts() {}

  /** The built-in texts. */
  public static List<String> builtIn() {
    try (InputStream in = NeutralTexts.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a text that are not blank. */
  public static List<String> of(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
