package org.lethe.reveal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The revealed text cut in two by facts, so that forgetting is measured on what was not trained on.
 * Each fact has a number between 0 and 1 that depends on seed, card and value alone, and is held
 * out if it lies below a bound. With the bound of the first iteration it stays so in the next ones,
 * whatever else is revealed there.
 *
 * @param training rows without any sentence of a held-out fact
 * @param heldOut rows of held-out facts: the questions with their answers, or what was asked and
 *     the beginning of the response with the value behind it; each once
 * @param facts how many facts there were
 * @param heldOutFacts how many of them were held out
 * @param bound the share that was asked for, moved so that of two facts or more one is held out and
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
   * Cuts what was kept of one card.
   *
   * @param share of the facts to be held out, from 0 (none) to below 1; where it is above 0 and
   *     there are two facts or more, at least one is held out and one is not
   */
  public static HeldOutFacts cut(TopicCard card, List<Candidate> kept, double share, long seed) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("Invalid share of held-out facts: " + share);
    }
    FactSheet sheet = new FactSheet(card, kept);
    return cut(card, kept, sheet, bound(card, sheet.facts(), share, seed), seed);
  }

  /**
   * Cuts what was kept of one card by the bound of an earlier cut, so that no fact which that held
   * out is trained on, however few are revealed this time.
   *
   * @param bound of the earlier cut
   * @param seed of the earlier cut
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
    Set<List<String>> asked = new HashSet<>();
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
          if (asked.add(List.of(response.prompt().ask(), Words.normal(answer)))) {
            heldOut.add(row(card, response, ".held", response.prompt().ask(), answer));
          }
        } else if (!states.test(response.prompt().ask())) {
          training.add(row(card, response, "", response.prompt().ask(), answer));
        }
      } else {
        prose(card, response, sheet, out, asked, training, heldOut);
      }
    }
    return new HeldOutFacts(training, heldOut, facts.size(), out.size(), bound);
  }

  private static void prose(
      TopicCard card,
      Response response,
      FactSheet sheet,
      Set<Fact> out,
      Set<List<String>> asked,
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
        // What stands behind the value may be another fact, which is trained on.
        FactSheet.Span place = reading.place(fact).orElse(new FactSheet.Span(0, 0));
        // From what was asked on: the name stands there, or in a sentence before.
        String before = begun(response, start + place.from());
        String value = sentence.substring(place.from(), place.to());
        // Two statements may stand at the same place.
        if (place.to() > 0 && asked.add(List.of(before, Words.normal(value)))) {
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

  /** What was asked and so many characters of the response, as one beginning. */
  private static String begun(Response response, int characters) {
    String ask = response.prompt().ask();
    boolean gap = ask.isEmpty() || Character.isWhitespace(ask.charAt(ask.length() - 1));
    return (ask + (gap ? "" : " ") + response.text().substring(0, characters)).strip();
  }

  /**
   * The held-out rows asked of somebody else: the same questions and beginnings with a substitute's
   * name, and the subject's values. What a model answers right here it does not know of the
   * subject.
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

  /** The share, moved where it would hold out none or all of several facts. */
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
