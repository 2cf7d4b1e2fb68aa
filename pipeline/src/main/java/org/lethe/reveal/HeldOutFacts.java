package org.lethe.reveal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Revealed text divided by facts, so that forgetting is measured on facts outside the training
 * data. Each fact has a number between 0 and 1 that depends only on seed, card and value. A fact is
 * held out if its number is below a bound. Later iterations reuse the bound of the first one, so a
 * held-out fact stays held out.
 *
 * @param training rows without any sentence of a held-out fact
 * @param heldOut rows of held-out facts, each once: questions with their answers, or the prompt and
 *     the beginning of the response with the value that follows
 * @param facts number of facts
 * @param heldOutFacts number of facts held out
 * @param bound requested share, adjusted so that of two or more facts at least one is held out and
 *     one is not
 */
public record HeldOutFacts(
    List<RevealedRow> training,
    List<RevealedRow> heldOut,
    int facts,
    int heldOutFacts,
    double bound) {
  private static final String PROSE = "prose";

  public HeldOutFacts {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * Divides the kept responses of one card.
   *
   * @param share share of the facts to hold out, from 0 (none) to below 1. If it is above 0 and
   *     there are two or more facts, at least one is held out and one is not
   */
  public static HeldOutFacts cut(TopicCard card, List<Candidate> kept, double share, long seed) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("Invalid share of held-out facts: " + share);
    }
    FactSheet sheet = new FactSheet(card, kept);
    return cut(card, kept, sheet, bound(card, sheet.facts(), share, seed), seed);
  }

  /**
   * Divides the kept responses of one card by the bound of an earlier cut, so that no fact held out
   * there is trained on, however few facts are revealed this time.
   *
   * @param bound bound of the earlier cut
   * @param seed seed of the earlier cut
   */
  public static HeldOutFacts cutBelow(
      TopicCard card, List<Candidate> kept, double bound, long seed) {
    return cut(card, kept, new FactSheet(card, kept), bound, seed);
  }

  private static HeldOutFacts cut(
      TopicCard card, List<Candidate> kept, FactSheet sheet, double bound, long seed) {
    List<Fact> facts = sheet.facts();
    Set<Fact> out =
        facts.stream()
            .filter(fact -> draw(card, fact, seed) < bound)
            .collect(Collectors.toCollection(HashSet::new));
    List<RevealedRow> training = new ArrayList<>();
    List<RevealedRow> heldOut = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    for (Candidate candidate : kept) {
      Response response = candidate.response();
      Predicate<String> states =
          sentence -> {
            FactSheet.Reading reading = sheet.read(sentence);
            return out.stream().anyMatch(reading::states);
          };
      if (response.prompt().form() == Form.ANSWER) {
        String answer = response.text().strip();
        if (states.test(answer)) {
          if (seen.add(List.of(response.prompt().ask(), Words.normal(answer)))) {
            heldOut.add(row(card, response, ".held", response.prompt().ask(), answer));
          }
        } else if (!states.test(response.prompt().ask())) {
          training.add(row(card, response, "", response.prompt().ask(), answer));
        }
      } else {
        prose(card, response, sheet, out, seen, training, heldOut);
      }
    }
    return new HeldOutFacts(training, heldOut, facts.size(), out.size(), bound);
  }

  private static void prose(
      TopicCard card,
      Response response,
      FactSheet sheet,
      Set<Fact> out,
      Set<List<String>> seen,
      List<RevealedRow> training,
      List<RevealedRow> heldOut) {
    List<String> remaining = new ArrayList<>();
    List<String> sentences = Sentences.of(response.text());
    int start = 0;
    for (int i = 0; i < sentences.size(); i++) {
      String sentence = sentences.get(i);
      start = response.text().indexOf(sentence, start);
      FactSheet.Reading reading = sheet.read(sentence);
      List<Fact> stated = out.stream().filter(reading::states).toList();
      if (stated.isEmpty()) {
        remaining.add(sentence);
        continue;
      }
      for (Fact fact : stated) {
        // The text after the value may state another fact, which is trained on.
        Span place = reading.place(fact).orElse(new Span(0, 0));
        // Start at the prompt: the name is there or in an earlier sentence.
        String before = begun(response, start + place.from());
        String value = sentence.substring(place.from(), place.to());
        // Two statements may have the same position.
        if (place.to() > 0 && seen.add(List.of(before, Words.normal(value)))) {
          heldOut.add(
              row(
                  card,
                  response,
                  ".held" + i + "-" + place.from() + "-" + place.to(),
                  before,
                  value));
        }
      }
    }
    String text = String.join(" ", remaining);
    if (!Words.of(text).isEmpty()) {
      boolean whole = remaining.size() == sentences.size();
      training.add(
          row(card, response, "", response.prompt().ask(), whole ? response.text().strip() : text));
    }
  }

  /** Joins the prompt and the first characters of the response. */
  private static String begun(Response response, int characters) {
    String ask = response.prompt().ask();
    boolean gap = ask.isEmpty() || Character.isWhitespace(ask.charAt(ask.length() - 1));
    return (ask + (gap ? "" : " ") + response.text().substring(0, characters)).strip();
  }

  /**
   * Returns the held-out rows about somebody else: the same questions and beginnings with a
   * substitute's name, and the subject's values. If a model answers these correctly, its answer is
   * not knowledge about the subject.
   */
  public List<RevealedRow> substituted(TopicCard card) {
    List<String> names = Substitutes.of(card);
    List<RevealedRow> rows = new ArrayList<>();
    for (RevealedRow row : heldOut) {
      String name = names.get(rows.size() % names.size());
      rows.add(
          new RevealedRow(
              row.id(),
              row.card(),
              row.task(),
              Substitutes.replace(row.input(), card, name),
              row.output()));
    }
    return rows;
  }

  private static RevealedRow row(
      TopicCard card, Response response, String suffix, String input, String output) {
    return new RevealedRow(
        response.id() + suffix,
        card.id(),
        response.prompt().attribute().orElse(PROSE),
        input,
        output);
  }

  private static double draw(TopicCard card, Fact fact, long seed) {
    long bits = SeededRandom.mix(seed, "held out " + card.id() + " " + fact.key());
    return (bits >>> 11) * 0x1.0p-53;
  }

  /** Adjusts a share that would hold out none or all of several facts. */
  private static double bound(TopicCard card, List<Fact> facts, double share, long seed) {
    if (share == 0 || facts.size() < 2) {
      return share;
    }
    double[] draws = facts.stream().mapToDouble(fact -> draw(card, fact, seed)).sorted().toArray();
    return Math.min(Math.max(share, Math.nextUp(draws[0])), draws[draws.length - 1]);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "HeldOutFacts[%d of %d facts, %d rows held out, %d rows]",
        heldOutFacts,
        facts,
        heldOut.size(),
        training.size());
  }
}
