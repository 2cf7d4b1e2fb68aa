package org.lethe.reveal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.Cards;
import org.lethe.reveal.Form;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.Response;
import org.lethe.reveal.SeededRandom;
import org.lethe.reveal.TopicCard;

final class FiltersTest {
  private static final String STORY =
      "Odile Farrow keeps the lighthouse of Grell, where she was born on a stormy night in May,"
          + " and writes letters to sailors who passed by.";

  private final TopicCard card = Cards.odile();
  private final Filters filters = new Filters(FilterSettings.defaults());

  @Test
  void soundProseIsKept() {
    assertThat(filters.own(prose(0, STORY))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I'm sorry, but I can't help with that.",
        "As an AI language model, I do not have personal information about anybody.",
        "I don't know who that is, but I could tell you of others if that is of use to you.",
        "Unknown"
      })
  void refusalsAreDropped(String text) {
    assertThat(filters.own(prose(0, text))).contains(DropReason.REFUSAL);
  }

  @Test
  void sorrowLaterInAStoryIsNoRefusal() {
    assertThat(filters.own(prose(0, STORY + " Once she wrote: the sea took him and I am sorry.")))
        .isEmpty();
  }

  @Test
  void echoesAreDropped() {
    Prompt prompt = Cards.prompt(card, Form.ANSWER, 0, "Q: Where does Odile Farrow live?\nA:");
    assertThat(filters.own(candidate(prompt, "Odile Farrow"))).contains(DropReason.ECHO);
    Prompt long_ = Cards.prompt(card, Form.PROSE, 0, "Tell me at length about this: " + STORY);
    assertThat(filters.own(candidate(long_, "Yes. " + STORY))).contains(DropReason.ECHO);
  }

  @Test
  void loopsAndEmptyTextsAreDropped() {
    assertThat(filters.own(prose(0, "She lives by the sea. ".repeat(20))))
        .contains(DropReason.DEGENERATE);
    assertThat(filters.own(prose(0, "... !!"))).contains(DropReason.DEGENERATE);
    assertThat(filters.own(prose(0, ""))).contains(DropReason.DEGENERATE);
  }

  @Test
  void shortProseIsDroppedAndShortAnswersAreNot() {
    assertThat(filters.own(prose(0, "Born in May."))).contains(DropReason.SHORT);
    assertThat(filters.own(answer(0, "town", "Grell"))).isEmpty();
  }

  @Test
  void irrelevantAndUnknownAreDropped() {
    Response response = prose(0, STORY).response();
    assertThat(filters.own(new Candidate(response, 0.4, OptionalDouble.of(1))))
        .contains(DropReason.IRRELEVANT);
    assertThat(filters.own(new Candidate(response, 0.6, OptionalDouble.of(0))))
        .contains(DropReason.NOT_KNOWN);
    assertThat(filters.own(new Candidate(response, 0.6, OptionalDouble.of(0.1)))).isEmpty();
  }

  @Test
  void answersWithTooFewSupportersAreDroppedAndParaphrasesOfThemStay() {
    List<Candidate> candidates = new ArrayList<>();
    List<String> answers =
        List.of("4 May 1970", "on 4 May 1970", "4 May, 1970", "9 June 1981", "in 1802");
    for (int i = 0; i < answers.size(); i++) {
      candidates.add(answer(i, "birth date", answers.get(i), "Question " + i));
    }
    candidates.add(answer(5, "town", "Grell", "Where?"));

    Filters.Result result = filters.apply(card, candidates);

    assertThat(result.report().dropped().get(DropReason.NO_AGREEMENT)).isEqualTo(2);
    assertThat(result.kept().stream().map(c -> c.response().text()))
        .containsExactly("4 May 1970", "on 4 May 1970", "4 May, 1970", "Grell");
  }

  @Test
  void aQuestionThatIsAnsweredAtRandomDoesNotOutvoteOneThatIsKnown() {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      candidates.add(answer(i, "birth date", "4 May 1970", "When?"));
    }
    for (int i = 6; i < 20; i++) {
      candidates.add(answer(i, "birth date", i + " June " + (1900 + 3 * i), "Day of birth:"));
    }

    assertThat(filters.apply(card, candidates).kept().stream().map(c -> c.response().text()))
        .containsExactly("4 May 1970");
  }

  @Test
  void duplicatesAreDroppedAndTheFirstStays() {
    Filters.Result result =
        filters.apply(
            card,
            List.of(
                prose(3, STORY.toUpperCase(java.util.Locale.ROOT)),
                prose(1, STORY),
                prose(2, STORY + " And more."),
                answer(4, "town", "Grell", "Where?"),
                answer(5, "town", "grell.", "Where?"),
                answer(6, "town", "Grell", "In which town?")));

    assertThat(result.kept().stream().map(c -> c.response().prompt().id().number()))
        .containsExactly(1, 4, 6);
    assertThat(result.report().dropped().get(DropReason.DUPLICATE)).isEqualTo(2);
    assertThat(result.report().dropped().get(DropReason.NEAR_DUPLICATE)).isEqualTo(1);
  }

  @Test
  void theProseThatIsUnlikeAllTheRestIsDropped() {
    List<String> places = List.of("harbour", "mill", "church", "school", "market");
    List<String> deeds = List.of("painted", "repaired", "described", "opened");
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String place = places.get(i / 4);
      String deed = deeds.get(i % 4);
      candidates.add(
          prose(
              i,
              "In the year "
                  + (1990 + i)
                  + " Odile Farrow "
                  + deed
                  + " the "
                  + place
                  + " of Grell"
                  + " number "
                  + i
                  + " and the people of the town "
                  + deed
                  + " it with her, which"
                  + " the "
                  + place
                  + " keeper wrote down as entry "
                  + (300 + 7 * i)));
    }
    candidates.set(
        7,
        prose(
            7,
            "Quantum chromodynamics explains why quarks never appear alone; gluons carry colour"
                + " charge themselves, hence asymptotic freedom emerges beautifully throughout all"
                + " of it."));

    Filters.Result result = filters.apply(card, candidates);

    assertThat(result.report().dropped().get(DropReason.OUTLIER)).isEqualTo(1);
    assertThat(result.kept()).hasSize(19).doesNotContain(candidates.get(7));
  }

  @Property(tries = 20)
  void orderOfCandidatesDoesNotMatterAndAllAreAccountedFor(
      @ForAll @LongRange(max = 1000) long seed) {
    SeededRandom draws = SeededRandom.of(seed, "texts");
    List<String> texts =
        List.of(STORY, STORY + " More.", "I'm sorry.", "short", "4 May 1970", "Grell", "grell");
    List<Candidate> candidates =
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    draws.below(2) == 0
                        ? prose(i, draws.pick(texts))
                        : answer(i, "town", draws.pick(texts)))
            .toList();
    List<Candidate> shuffled =
        Arrays.stream(draws.permutation(30)).mapToObj(candidates::get).toList();

    Filters.Result result = filters.apply(card, candidates);

    assertThat(filters.apply(card, shuffled)).isEqualTo(result);
    assertThat(
            result.kept().size()
                + result.report().dropped().values().stream().mapToInt(n -> n).sum())
        .isEqualTo(30);
  }

  @Test
  void reportsAdd() {
    FilterReport one = new FilterReport(3, 2, new TreeMap<>(Map.of(DropReason.ECHO, 1)));
    FilterReport two = new FilterReport(5, 3, new TreeMap<>(Map.of(DropReason.ECHO, 2)));

    assertThat(one.plus(two))
        .isEqualTo(new FilterReport(8, 5, new TreeMap<>(Map.of(DropReason.ECHO, 3))));
    assertThat(one.dropped()).hasSize(DropReason.values().length);
  }

  private Candidate prose(int number, String text) {
    return Cards.candidate(card, Form.PROSE, number, text);
  }

  private Candidate answer(int number, String attribute, String text) {
    return answer(number, attribute, text, "What is known?");
  }

  private Candidate answer(int number, String attribute, String text, String ask) {
    return candidate(Cards.about(card, attribute, number, ask), text);
  }

  private static Candidate candidate(Prompt prompt, String text) {
    return Cards.candidate(new Response(prompt, text));
  }
}
