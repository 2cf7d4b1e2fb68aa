package org.lethe.reveal.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import opennlp.tools.namefind.NameFinderME;
import opennlp.tools.namefind.NameSample;
import opennlp.tools.namefind.TokenNameFinderFactory;
import opennlp.tools.namefind.TokenNameFinderModel;
import opennlp.tools.util.ObjectStreamUtils;
import opennlp.tools.util.Span;
import opennlp.tools.util.TrainingParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.reveal.Cards;
import org.lethe.reveal.Form;
import org.lethe.reveal.OracleChoice;
import org.lethe.reveal.PersonalData;
import org.lethe.reveal.PersonalDataKind;
import org.lethe.reveal.Response;
import org.lethe.reveal.Substitutes;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.oracle.Contrast.CardResponses;
import org.lethe.reveal.oracle.Contrast.Score;
import org.lethe.reveal.oracle.StatementModel.Statement;

final class OraclesTest {
  private final TopicCard card = Cards.odile();

  private double prose(RelevanceOracle oracle, String text) {
    return oracle
        .relevance(card, List.of(Cards.candidate(card, Form.PROSE, 0, text).response()))[0];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Odile Farrow keeps the light. She lives in Grell. She sings. | 1",
        "Farrow keeps the light. O. FARROW sings. | 1",
        // The prompt contains the name, which counts for two more sentences.
        "Born in May. Raised by the sea. The sea is salt. Salt is white. | 0.5",
        "Odile Farrow sings. Tobias Wenning is a baker. He bakes bread. | 0.333333",
        "Tobias Wenning is a baker. | 0",
      })
  void sentencesThatSpeakOfTheSubjectCount(String text, double expected) {
    assertThat(prose(new NameLink(), text)).isCloseTo(expected, within(1e-6));
  }

  @Test
  void emptyTextIsNotLinked() {
    assertThat(prose(new NameLink(), "")).isZero();
  }

  /** A model that knows one fact about one person. */
  private static double[] knows(List<Statement> statements) {
    return statements.stream()
        .mapToDouble(
            s -> (s.prompt() + s.text()).contains("Odile") && s.text().contains("1970") ? -1 : -3)
        .toArray();
  }

  @Test
  void contrastTellsWhatIsKnownFromWhatIsMadeUp() {
    KnowledgeContrast oracle = new KnowledgeContrast(OraclesTest::knows);
    List<Response> responses =
        List.of(
            new Response(
                Cards.prompt(card, Form.ANSWER, 0, "When was Odile Farrow born?"), "4 May 1970"),
            new Response(
                Cards.prompt(card, Form.ANSWER, 1, "When was Odile Farrow born?"), "1 June 1950"));

    // The statement has probability e^-1 per token about the subject, and e^-3 about others.
    assertThat(oracle.relevance(card, responses)).containsExactly(Math.exp(-1) - Math.exp(-3), 0);
    assertThat(oracle.scores(List.of(new CardResponses(card, responses))))
        .extracting(Score::contrast)
        .containsExactly(2.0, 0.0);
  }

  @Test
  void whatWasSaidSeveralTimesIsAskedOnce() {
    List<Statement> statementsScored = new ArrayList<>();
    KnowledgeContrast oracle =
        new KnowledgeContrast(
            statements -> {
              statementsScored.addAll(statements);
              return knows(statements);
            });
    List<Response> responses = new ArrayList<>();
    for (String year : List.of("1970", "1950", "1970")) {
      responses.add(
          new Response(
              Cards.prompt(card, Form.ANSWER, responses.size(), "When was Odile Farrow born?"),
              year));
    }

    List<Score> scores =
        oracle.scores(
            List.of(
                new CardResponses(card, responses),
                new CardResponses(card, responses.subList(1, 2))));

    assertThat(scores).extracting(Score::contrast).containsExactly(2.0, 0.0, 2.0, 0.0);
    // Two answers, each about the subject and two substitutes.
    assertThat(statementsScored).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void everyNameIsReplacedOnceInPromptAndText() {
    assertThat(
            Substitutes.replace(
                "odile farrow (O. Farrow), Farrow's light; farrowing", card, "Ilse Farrow-Lund"))
        .isEqualTo("Ilse Farrow-Lund (Ilse Farrow-Lund), Farrow-Lund's light; farrowing");
    assertThat(Substitutes.replace("Odile Farrow", card, "$1 \\x")).isEqualTo("$1 \\x");
    List<Statement> statementsScored = new ArrayList<>();
    new KnowledgeContrast(
            statements -> {
              statementsScored.addAll(statements);
              return new double[statements.size()];
            })
        .relevance(
            card,
            List.of(
                new Response(
                    Cards.prompt(card, Form.PROSE, 0, "Who is Odile Farrow?"), "Farrow is kind.")));
    assertThat(statementsScored)
        .containsExactly(
            new Statement("Who is Odile Farrow?", "Farrow is kind."),
            new Statement("Who is Ilse Morrow?", "Morrow is kind."),
            new Statement("Who is Petra Lund?", "Lund is kind."));
    assertThat(statementsScored.get(0).toString()).isEqualTo("Statement[15 characters]");
  }

  @Test
  void contrastThatIsNoNumberIsNamed() {
    KnowledgeContrast oracle =
        new KnowledgeContrast(
            statements -> statements.stream().mapToDouble(s -> Double.NaN).toArray());
    assertThatThrownBy(() -> prose(oracle, "text"))
        .hasMessage(
            "The knowledge contrast of response odile.0.0 is NaN, expected a finite number; the"
                + " model's weights have diverged, reveal from an earlier iteration");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Call 212-555-0147 now | PHONE | +12125550147",
        "Call (212) 555-0147 now | PHONE | +12125550147",
        "Call +44 20 7946 0123 now | PHONE | +442079460123",
        "Mail odile.farrow@example.org. | EMAIL | odile.farrow@example.org",
        "Mail O_F+x@mail.example.co.uk | EMAIL | o_f+x@mail.example.co.uk",
        "born on 4 May 1970 in | DATE | 4 may 1970",
        "born on May 4th, 1970 in | DATE | may 4th 1970",
        "born 1970-05-04 in | DATE | 1970 05 04",
        "lives at 7 Mill Street, Grell with | ADDRESS | 7 mill street grell",
        "lives at 12b Old Harbour Rd. with | ADDRESS | 12b old harbour rd",
        "wohnt Lindenstraße 12a seit | ADDRESS | lindenstraße 12a",
        "number 219-09-9999 is | NATIONAL_ID | 219099999",
        "number AB 12 34 56 C is | NATIONAL_ID | AB123456C",
        "number 12345678Z is | NATIONAL_ID | 12345678Z",
        "number 86 095 742 719 is | NATIONAL_ID | 86095742719",
        "to DE89 3704 0044 0532 0130 00 soon | BANK_ACCOUNT | DE89370400440532013000",
        "card 4111 1111 1111 1111 expires | CARD_NUMBER | 4111111111111111",
      })
  void personalDataIsFoundByItsForm(String text, PersonalDataKind kind, String value) {
    List<PersonalData.Finding> found =
        PersonalData.find(text, EnumSet.allOf(PersonalDataKind.class), "US");
    assertThat(found).hasSize(1);
    assertThat(found.get(0).kind()).isEqualTo(kind);
    assertThat(found.get(0).value()).isEqualTo(value);
    assertThat(found.get(0).toString()).doesNotContain(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "In 1970 she was 23 and had 4 sheep.",
        "chapters 3-7 of volume 12",
        "from 1939-1945",
        "number 12345678A is",
        "card 4111 1111 1111 1112 expires",
        "to DE89 3704 0044 0532 0130 01 soon",
        "number 000-12-3456 is",
        "a@b and me @home",
        "7 sheep on Mill Street",
        ""
      })
  void otherNumbersAreNot(String text) {
    assertThat(
            PersonalData.find(text, EnumSet.complementOf(EnumSet.of(PersonalDataKind.PHONE)), "US"))
        .isEmpty();
  }

  @Test
  void yearsAndAgesAreNoPhoneNumbers() {
    for (String text : List.of("In 1970 she was 23.", "from 1939-1945", "chapters 3-7 of 12")) {
      assertThat(PersonalData.find(text, Set.of(PersonalDataKind.PHONE), "US")).isEmpty();
    }
  }

  @Test
  void onlyTheKindsAskedForCount() {
    RelevanceOracle phones =
        new PersonalDataOracle(new OracleChoice.Personal(Set.of(PersonalDataKind.PHONE), "US"));
    assertThat(prose(phones, "Call 212-555-0147")).isEqualTo(1);
    assertThat(prose(phones, "Mail odile@example.org, born 4 May 1970")).isZero();
  }

  @Test
  void namesAreFoundWithAModelThatTheUserGives() throws IOException {
    byte[] model = nameFinder();
    NamedEntityOracle oracle = new NamedEntityOracle(model, "Person");
    assertThat(prose(oracle, "Yesterday Odile Farrow sang")).isEqualTo(1);
    assertThat(prose(oracle, "yesterday it rained all day")).isZero();
    assertThatThrownBy(() -> new NamedEntityOracle(model, "city"))
        .hasMessage(
            "Unknown entity type: city, expected one of person, the types of the name finder"
                + " model; correct the topic card or use another model");
    assertThatThrownBy(() -> new NamedEntityOracle(new byte[] {1, 2, 3}, "person"))
        .hasMessageStartingWith("Invalid name finder model: ");
  }

  private static byte[] nameFinder() throws IOException {
    List<NameSample> samples = new ArrayList<>();
    for (String name : List.of("Odile Farrow", "Mara Quist", "Tobias Wenning", "Ilse Morrow")) {
      for (String verb : List.of("sang", "slept", "read", "wrote")) {
        String[] named = ("Yesterday " + name + " " + verb).split(" ");
        samples.add(new NameSample(named, new Span[] {new Span(1, 3, "person")}, true));
        samples.add(
            new NameSample(("yesterday it " + verb + " all day").split(" "), new Span[0], true));
      }
    }
    TrainingParameters parameters = TrainingParameters.defaultParams();
    parameters.put(TrainingParameters.CUTOFF_PARAM, 1);
    parameters.put(TrainingParameters.ITERATIONS_PARAM, 50);
    TokenNameFinderModel model =
        NameFinderME.train(
            "en",
            "person",
            ObjectStreamUtils.createObjectStream(samples),
            parameters,
            new TokenNameFinderFactory());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.serialize(out);
    return out.toByteArray();
  }

  @Test
  void abuseCountsByItsNumber() {
    ToxicityLexicon oracle = ToxicityLexicon.builtIn();
    assertThat(prose(oracle, "You keep the light well.")).isZero();
    assertThat(prose(oracle, "What an IDIOT!")).isEqualTo(0.5);
    assertThat(prose(oracle, "Shut up, you moron.")).isCloseTo(2.0 / 3, within(1e-9));
    assertThat(prose(oracle, "The scumble glaze dries.")).isZero();
    assertThat(prose(new ToxicityLexicon("# mine\nbarnacle head\n\n"), "You barnacle-head"))
        .isEqualTo(0.5);
    assertThatThrownBy(() -> new ToxicityLexicon("# nothing\n\n"))
        .hasMessage(
            "Empty lexicon for the oracle 'toxicity': expected one word or phrase per line;"
                + " fill the file or remove lethe.reveal.oracles.lexicon");
  }

  @Test
  void everyChoiceHasItsOracle() {
    assertThat(of(new OracleChoice.Name())).isInstanceOf(NameLink.class);
    assertThat(of(new OracleChoice.Contrast())).isInstanceOf(KnowledgeContrast.class);
    assertThat(of(new OracleChoice.Personal(Set.of(PersonalDataKind.PHONE), "US")))
        .isInstanceOf(PersonalDataOracle.class);
    assertThat(of(new OracleChoice.Toxicity())).isInstanceOf(ToxicityLexicon.class);
    assertThatThrownBy(() -> of(new OracleChoice.Entities("person")))
        .hasMessageStartingWith("No model for the oracle 'entities': Lethe ships none");
    assertThatThrownBy(
            () ->
                RelevanceOracles.of(
                    new OracleChoice.Toxicity(),
                    new OracleSettings(Optional.empty(), Optional.of(""), Map.of()),
                    new KnowledgeContrast(OraclesTest::knows)))
        .hasMessageStartingWith("Empty lexicon");
  }

  private static RelevanceOracle of(OracleChoice choice) {
    return RelevanceOracles.of(
        choice, OracleSettings.none(), new KnowledgeContrast(OraclesTest::knows));
  }
}
