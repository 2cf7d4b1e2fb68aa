package org.lethe.benchmarks;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes corpora of any size: {@code forget/part-NNNNN.jsonl} and {@code retain/part-NNNNN.jsonl}.
 * Row i depends on the seed and i alone. One retain row in a hundred repeats an earlier one, one in
 * ten thousand is malformed, and one in ten thousand has the id of another one. One in a thousand
 * is a row of {@link PlantedMentions}.
 *
 * <p>Arguments: folder, number of retain rows.
 */
public final class CorpusGenerator {
  private static final int ROWS_OF_A_FILE = 500_000;
  private static final int FORGET_ROWS = 2000;
  private static final String[] SYLLABLES = {
    "ba", "do", "ke", "li", "mu", "na", "po", "ri", "sa", "te", "vo", "zu", "bren", "dal", "fin",
    "gor", "hal", "jor", "kal", "lun"
  };
  private static final String[] WORDS = {
    "the",
    "a",
    "of",
    "in",
    "and",
    "to",
    "was",
    "with",
    "for",
    "on",
    "river",
    "garden",
    "letter",
    "music",
    "winter",
    "market",
    "bridge",
    "doctor",
    "school",
    "engine",
    "paper",
    "mountain",
    "harbour",
    "museum",
    "painter",
    "teacher",
    "captain",
    "village",
    "library",
    "orchard",
    "lives",
    "works",
    "wrote",
    "found",
    "visited",
    "studied",
    "measured",
    "repaired",
    "carried",
    "remembered",
    "quiet",
    "old",
    "northern",
    "early",
    "famous",
    "small",
    "bright",
    "heavy"
  };

  private final long seed;

  CorpusGenerator(long seed) {
    this.seed = seed;
  }

  public static void main(String[] arguments) throws IOException {
    new CorpusGenerator(7).write(Path.of(arguments[0]), Long.parseLong(arguments[1]));
  }

  /** Writes both corpora. */
  void write(Path folder, long retainRows) throws IOException {
    writeAll(folder.resolve("forget"), "F", FORGET_ROWS);
    writeAll(folder.resolve("retain"), "R", retainRows);
  }

  private void writeAll(Path folder, String prefix, long rows) throws IOException {
    Files.createDirectories(folder);
    for (long from = 0; from < rows; from += ROWS_OF_A_FILE) {
      String name = String.format(Locale.ROOT, "part-%05d.jsonl", from / ROWS_OF_A_FILE);
      try (Writer out = Files.newBufferedWriter(folder.resolve(name), StandardCharsets.UTF_8)) {
        long to = Math.min(rows, from + ROWS_OF_A_FILE);
        for (long i = from; i < to; i++) {
          out.write(line(prefix, i));
          out.write('\n');
        }
      }
    }
  }

  /** Returns line i of a corpus. */
  String line(String prefix, long i) {
    SplittableRandom random = random(prefix, i);
    boolean retain = prefix.equals("R") && i > 0;
    if (retain && random.nextInt(10_000) == 0) {
      return "{\"id\":\"" + prefix + i + "\",\"input\":\"cut off";
    }
    if (retain && random.nextInt(1000) == 0) {
      PlantedMentions.Mention mention = PlantedMentions.mention(random);
      return "{\"id\":\""
          + prefix
          + i
          + "\",\"input\":\"What happened on day "
          + i
          + "?\",\"output\":\""
          + mention.text()
          + "\",\"task\":\"planted-"
          + mention.form()
          + "\"}";
    }
    long idOf = retain && random.nextInt(10_000) == 0 ? random.nextLong(i) : i;
    long textOf = retain && random.nextInt(100) == 0 ? random.nextLong(i) : i;
    SplittableRandom text = random(prefix + " text", textOf);
    String name = name(text);
    return "{\"id\":\""
        + prefix
        + idOf
        + "\",\"input\":\"What is known about "
        + name
        + "?\",\"output\":\""
        + sentence(text, name)
        + "\",\"task\":\"Task"
        + i % 3
        + "\"}";
  }

  private SplittableRandom random(String prefix, long i) {
    return new SplittableRandom(
        (seed * 31 + prefix.hashCode()) * 0x9E3779B97F4A7C15L + i * 0xD1B54A32D192ED03L);
  }

  /** Returns a first and a last name out of millions. */
  static String name(SplittableRandom random) {
    return word(random, 2 + random.nextInt(2)) + " " + word(random, 3);
  }

  private static String word(SplittableRandom random, int syllables) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < syllables; i++) {
      word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
    }
    word.setCharAt(0, Character.toUpperCase(word.charAt(0)));
    return word.toString();
  }

  private static String sentence(SplittableRandom random, String name) {
    StringBuilder sentence = new StringBuilder(name);
    int words = 12 + random.nextInt(24);
    for (int i = 0; i < words; i++) {
      sentence.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    return sentence.append(" in ").append(1900 + random.nextInt(120)).append('.').toString();
  }
}
