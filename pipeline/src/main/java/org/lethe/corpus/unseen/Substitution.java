package org.lethe.corpus.unseen;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * Replaces what a row states about somebody: names and places, months and days of the week, and
 * digits. All other words stay, so that the row remains one of its kind.
 *
 * <p>A word counts as a name if it begins with a capital letter inside a sentence. At the beginning
 * of a sentence it counts if it is a name elsewhere in the row, or if another name follows. Scripts
 * without capitals have no names here.
 *
 * <p>Names of a prompt come from lists, and depend on the seed and the word alone: a name has the
 * same replacement in all rows, whichever task makes them. Facts of an answer come from other
 * answers of its {@link AnswerKinds kind} if enough are known, otherwise from the lists. A model
 * that was trained on a corpus finds words that are in no row of it far less likely than those of
 * another person.
 */
public final class Substitution {
  private static final List<String> NAMES =
      List.of(
          ("Corin Haskel Mirela Stannard Tobin Averill Lenka Ruskin Jorun Pellman Sabra Whitlock"
                  + " Edric Molloy Dalia Fenwick Ansel Borrow Petra Quayle Ilya Sandoval Nerys"
                  + " Tollan Rufus Kestrel Oona Draper Lucan Ferris Thea Marlow Bram Osgood Vida"
                  + " Carrow Emlyn Stroud Isolde Hatch Magnus Pryor Selby Winslow Tamsin Garrick")
              .split(" "));

  private static final List<String> PLACES =
      List.of(
          ("Harwick Oldenvale Marsden Tarnow Belmora Castrel Dunholm Estrava Fenmoor Galdova"
                  + " Hollin Istmar Kelbrook Lorvane Mirefield Norstad Ottery Pelgrove Rosmere"
                  + " Stanhope Torvik Ulverton Verlan Westray")
              .split(" "));

  private static final List<String> MONTHS =
      List.of(
          ("January February March April May June July August September October November"
                  + " December")
              .split(" "));

  private static final List<String> DAYS =
      List.of("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" "));

  private static final Set<String> BEFORE_PLACES =
      Set.of("in", "from", "at", "near", "to", "around", "outside");

  /** Capitalised in English wherever they stand, without being a name. */
  private static final Set<String> NO_NAMES = Set.of("I", "I'm", "I've", "I'll", "I'd", "OK");

  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}]*(?:['\u2019]\\p{L}+)?");
  private static final Pattern DIGIT_RUN = Pattern.compile("\\p{Nd}+");

  /** Marks of a kind: a name or fact of the prompt, and a fact of the answer alone. */
  private static final String ASKED = "\u0001";

  private static final String FACT = "\u0002";

  private final long seed;

  /**
   * @param seed seed of the replacements
   */
  public Substitution(long seed) {
    this.seed = seed;
  }

  /** A prompt and a completion. */
  record Text(String prompt, String completion) {}

  /**
   * Returns the text about somebody else; the same text if nothing in it can be replaced. Facts of
   * an answer are replaced by those of other answers of its kind, where such answers are known.
   */
  Text replaced(String prompt, String completion, AnswerKinds known) {
    Words words = words(prompt, completion, Set.of());
    Facts facts = facts(prompt, completion);
    Set<String> asked = lowerCase(words(prompt));
    AtomicInteger place = new AtomicInteger();
    return new Text(
        replaced(prompt, words, Set.of()),
        WORD.matcher(completion)
            .replaceAll(
                found -> {
                  String word = found.group();
                  String name = withoutPossessive(word);
                  Optional<String> other =
                      isFact(name, words, asked)
                          ? known.other(facts.kind(), place.getAndIncrement(), name, seed)
                          : Optional.empty();
                  return Matcher.quoteReplacement(
                      other
                          .map(fact -> fact + word.substring(name.length()))
                          .orElseGet(() -> replacement(word, words)));
                }));
  }

  /**
   * The facts of an answer.
   *
   * @param kind prompt and answer without names and facts
   * @param facts the words that state something about one person, in order
   */
  record Facts(String kind, List<String> facts) implements Serializable {
    Facts {
      facts = List.copyOf(facts);
    }
  }

  /** Returns the facts of an answer: what would be replaced in it and is not in the prompt. */
  static Facts facts(String prompt, String completion) {
    Words words = words(prompt, completion, Set.of());
    Set<String> asked = lowerCase(words(prompt));
    List<String> facts = new ArrayList<>();
    String kind =
        WORD.matcher(prompt)
                .replaceAll(
                    found ->
                        isReplaced(withoutPossessive(found.group()), words)
                            ? ASKED
                            : Matcher.quoteReplacement(found.group()))
            + "\n"
            + WORD.matcher(completion)
                .replaceAll(
                    found -> {
                      String name = withoutPossessive(found.group());
                      if (isFact(name, words, asked)) {
                        facts.add(name);
                        return FACT;
                      }
                      return isReplaced(name, words)
                          ? ASKED
                          : Matcher.quoteReplacement(found.group());
                    });
    return new Facts(kind, facts);
  }

  private static boolean isFact(String name, Words words, Set<String> asked) {
    return isReplaced(name, words) && !asked.contains(name.toLowerCase(Locale.ROOT));
  }

  private static boolean isReplaced(String name, Words words) {
    return MONTHS.contains(name)
        || DAYS.contains(name)
        || words.names().contains(name)
        || words.lower().contains(name)
        || DIGIT_RUN.matcher(name).find();
  }

  private static Set<String> lowerCase(Set<String> words) {
    return words.stream()
        .map(word -> word.toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * Returns another answer to the same prompt, with other facts. Words of the prompt stay, except
   * in lower case, where they are part of addresses. An answer of such words alone loses these too.
   *
   * @param common words that stay too, because they belong to the kind of answer
   * @return the same answer if nothing in it can be replaced
   */
  public String answer(String prompt, String completion, Set<String> common) {
    Set<String> kept = new HashSet<>(common);
    kept.addAll(words(prompt));
    String other = replaced(completion, words(prompt, completion, Set.of()), kept);
    if (!other.equals(completion)) {
      return other;
    }
    Words more = words(prompt, completion, capitalised(completion));
    other = replaced(completion, more, kept);
    return other.equals(completion) ? replaced(completion, more, Set.of()) : other;
  }

  /** Returns the distinct words of a text, as {@link #answer} compares them. */
  static Set<String> words(String text) {
    return WORD.matcher(text)
        .results()
        .map(found -> withoutPossessive(found.group()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The names of a text.
   *
   * @param names as written
   * @param lower in lower case
   * @param lists where their replacements come from
   */
  private record Words(Set<String> names, Set<String> lower, Map<String, List<String>> lists) {}

  private static Words words(String prompt, String completion, Set<String> more) {
    Set<String> names = new TreeSet<>(more);
    collect(prompt, names);
    collect(completion, names);
    Set<String> lower = new HashSet<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    TreeMap<String, List<String>> lists = new TreeMap<>();
    List.of(prompt, completion).forEach(text -> lists(text, names, lists));
    return new Words(names, lower, lists);
  }

  private static Set<String> capitalised(String text) {
    return words(text).stream()
        .filter(Substitution::isCapitalised)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isCapitalised(String word) {
    return Character.isUpperCase(word.codePointAt(0)) && !NO_NAMES.contains(word);
  }

  /** Adds the words of a text that are certainly names. */
  private static void collect(String text, Set<String> names) {
    Matcher words = WORD.matcher(text);
    boolean starts = true;
    int end = 0;
    String first = "";
    while (words.find()) {
      String between = text.substring(end, words.start());
      starts = end == 0 || startsSentence(between);
      String word = withoutPossessive(words.group());
      if (isCapitalised(word) && !starts) {
        names.add(word);
        if (!first.isEmpty() && between.equals(" ")) {
          names.add(first);
        }
      }
      first = starts && isCapitalised(word) ? word : "";
      end = words.end();
    }
  }

  private static boolean startsSentence(String between) {
    return between.matches("(?s).*[.!?:\"\u201c\u2018\n].*");
  }

  private static String withoutPossessive(String word) {
    return word.replaceFirst("['\u2019]s$", "");
  }

  /** Chooses the list of every name: places follow a preposition of place. */
  private static void lists(String text, Set<String> names, TreeMap<String, List<String>> lists) {
    Matcher words = WORD.matcher(text);
    String before = "";
    while (words.find()) {
      String word = withoutPossessive(words.group());
      if (names.contains(word)) {
        boolean place = BEFORE_PLACES.contains(before) || lists.get(before) == PLACES;
        lists.putIfAbsent(word, place ? PLACES : NAMES);
      }
      before = word;
    }
  }

  private String replaced(String text, Words words, Set<String> kept) {
    return WORD.matcher(text)
        .replaceAll(
            found -> {
              String word = found.group();
              return Matcher.quoteReplacement(
                  kept.contains(withoutPossessive(word)) ? word : replacement(word, words));
            });
  }

  /** The replacement of a word from the lists; the word itself if it is no fact. */
  private String replacement(String word, Words words) {
    String name = withoutPossessive(word);
    String other = name;
    if (MONTHS.contains(name)) {
      other = other(name, MONTHS);
    } else if (DAYS.contains(name)) {
      other = other(name, DAYS);
    } else if (words.names().contains(name)) {
      other = other(name, words.lists().getOrDefault(name, NAMES));
    } else if (words.lower().contains(name)) {
      // Names in addresses: ada@example.org.
      other = other(name, NAMES).toLowerCase(Locale.ROOT);
    }
    return digits(other) + word.substring(name.length());
  }

  private SplittableRandom random(String word) {
    CRC32 crc = new CRC32();
    crc.update(word.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    return new SplittableRandom(seed ^ crc.getValue() * 0x9E3779B97F4A7C15L);
  }

  private String other(String word, List<String> list) {
    SplittableRandom random = random(word);
    int drawn = random.nextInt(list.size());
    return list.get(drawn).equalsIgnoreCase(word)
        ? list.get((drawn + 1) % list.size())
        : list.get(drawn);
  }

  /** Replaces digits by others, so that days and months stay possible and years stay recent. */
  private String digits(String word) {
    return DIGIT_RUN
        .matcher(word)
        .replaceAll(
            found -> {
              String run = found.group();
              SplittableRandom random = random(run);
              if (run.matches("(19|20)\\d\\d")) {
                return "19" + other(random, run.substring(2), 10);
              } else if (run.matches("0[1-9]|1[0-2]")) {
                int month = Integer.parseInt(run) - 1;
                return String.format(
                    Locale.ROOT, "%02d", (month + 1 + random.nextInt(11)) % 12 + 1);
              } else if (run.matches("1[3-9]|2\\d|3[01]")) {
                int day = Integer.parseInt(run) - 13;
                return Integer.toString((day + 1 + random.nextInt(15)) % 16 + 13);
              }
              return other(random, run, 10);
            });
  }

  /** Returns digits that all differ from the given ones; the first stays above zero. */
  private static String other(SplittableRandom random, String run, int base) {
    StringBuilder digits = new StringBuilder();
    for (int c : run.codePoints().toArray()) {
      int digit = Character.digit(c, base);
      boolean positive = digits.isEmpty() && run.length() > 1 && digit > 0;
      int shifted =
          positive
              ? (digit - 1 + 1 + random.nextInt(8)) % 9 + 1
              : (digit + 1 + random.nextInt(9)) % base;
      digits.append(shifted);
    }
    return digits.toString();
  }
}
