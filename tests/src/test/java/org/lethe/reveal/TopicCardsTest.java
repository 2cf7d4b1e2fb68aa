package org.lethe.reveal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

final class TopicCardsTest {
  private static final Path SCHEMAS =
      Path.of(System.getProperty("lethe.repository"), "data-schemas");

  @Test
  void exampleIsRead() throws IOException {
    List<TopicCard> cards =
        TopicCards.read(Files.readAllBytes(SCHEMAS.resolve("topic-card.example.json")), "example");

    assertThat(cards).hasSize(1);
    TopicCard card = cards.get(0);
    assertThat(card.names()).containsExactly("Odile Farrow", "O. Farrow");
    assertThat(card.attributes().get(2)).isEqualTo(new TopicCard.Attribute("address", List.of()));
    assertThat(card.oracle()).isEqualTo(new OracleChoice.Contrast());
    assertThat(card.templates().get(0).kind()).isEqualTo(ModelKind.BASE);
    assertThat(card.toString()).isEqualTo("TopicCard[request-0042]");
  }

  @Test
  void neighboursHaveCardsOfTheirOwn() {
    TopicCard card =
        read("""
                {"version":1,"cards":[{"id":"a","name":"Odile Farrow","aliases":["O. Farrow"],
                 "attributes":[{"name":"birth date"}],"neighbours":["Tobias Wenning","Mara Quist"]}]}
                """)
            .get(0);

    List<TopicCard> neighbours = card.neighbourCards();

    assertThat(neighbours.stream().map(TopicCard::id)).containsExactly("a-n00", "a-n01");
    assertThat(neighbours.get(1).names()).containsExactly("Mara Quist");
    assertThat(neighbours.get(1).neighbours()).containsExactly("Tobias Wenning", "Odile Farrow");
    assertThat(neighbours.get(1).attributes()).isEqualTo(card.attributes());
  }

  @Test
  void whatIsLeftOutHasDefaults() {
    TopicCard card = read("{\"version\":1,\"cards\":[{\"id\":\"a\",\"name\":\"Odile\"}]}").get(0);

    assertThat(card.oracle()).isEqualTo(new OracleChoice.Name());
    assertThat(card.description()).isEmpty();
    assertThat(card.templates()).isEmpty();
    OracleChoice personal =
        read("""
                {"version":1,"cards":[{"id":"a","name":"Odile",
                 "oracle":{"kind":"personal-data","kinds":["phone","national-id"]}}]}
                """)
            .get(0)
            .oracle();
    assertThat(personal)
        .isEqualTo(
            new OracleChoice.Personal(
                Set.of(PersonalDataKind.PHONE, PersonalDataKind.NATIONAL_ID), "US"));
  }

  @Test
  void allProblemsAreNamedAtOnceWithTheirPlaces() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    {"version":2,"cards":[
                      {"id":"Request 1","nam":"Odile Farrow","aliases":["", 3],
                       "attributes":[{"name":"birth date","questions":["When were you born?"]},
                                     {"name":"Birth date","qestions":[]}],
                       "oracle":{"kind":"magic"}},
                      {"id":"b","name":"Mara Quist","neighbours":["mara quist"],
                       "templates":[{"name":"t","kind":"base","form":"prose","ask":"About {nmae}"}]}]}
                    """))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Invalid topic cards test, 13 problems: version must be 1; cards[0].id must be"
                + " lower-case letters, digits and hyphens, at most 64; cards[0].name is missing,"
                + " expected a text; cards[0].aliases[0] is blank, expected a text;"
                + " cards[0].aliases[1] must be a text; cards[0].attributes[0].questions[0] does not hold"
                + " {name}; cards[0].attributes[1].qestions is not known; did you mean questions?;"
                + " cards[0].oracle.kind must be one of name, contrast, personal-data, entities,"
                + " toxicity, external; cards[0].nam is not known; did you mean name?;"
                + " cards[0].attributes[1] is the same as cards[0].attributes[0];"
                + " cards[1].templates[0].ask holds the unknown placeholder {nmae}, expected"
                + " {name}; cards[1].templates[0].ask holds neither {name} nor {question};"
                + " cards[1].neighbours[0] is to be forgotten, by cards[1]. Correct all of them");
  }

  @Test
  void cardsMustAgreeWithEachOther() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    {"version":1,"cards":[{"id":"a","name":"Odile Farrow"},
                     {"id":"a","name":"Mara Quist","neighbours":["Tobias","ODILE  farrow"]}]}
                    """))
        .hasMessage(
            "Invalid topic cards test, 2 problems: cards[1].id is the same as cards[0].id;"
                + " cards[1].neighbours[1] is to be forgotten, by cards[0]. Correct all of them");
  }

  @Test
  void messagesQuoteNothingOfTheDocument() {
    for (String json :
        List.of(
            "{\"version\":1,\"cards\":[{\"id\":\"Odile Farrow\",\"name\":7}]}",
            "{\"version\":1,\"cards\":[{\"id\":\"a\",\"name\":\"x\",\"Odile Farrow 1970\":7}]}",
            "{\"version\":1,\"cards\":[{\"id\":\"a\",\"name\":\"Odile Farrow\",\"name\":\"b\"}]}",
            "{\"version\":1,\"cards\":\"Odile Farrow\"}",
            "{\"version\":1,\"cards\":[Odile Farrow]}",
            "[\"Odile Farrow\"]",
            "{\"version\":1,\"cards\":[{\"id\":\"a\",\"name\":\"Odile Farrow")) {
      Throwable thrown = catchThrowable(() -> read(json));
      assertThat(thrown).isInstanceOf(LetheException.class);
      assertThat(((LetheException) thrown).exitClass()).isEqualTo(ExitClass.INPUT);
      assertThat(thrown.getMessage()).doesNotContain("Odile", "Farrow").doesNotContain("\n");
      assertThat(thrown).hasNoCause();
    }
  }

  @Test
  void onlyUtf8IsRead() {
    String json = "{\"version\":1,\"cards\":[{\"id\":\"a\",\"name\":\"Odilé\"}]}";

    assertThat(TopicCards.read(("\ufeff" + json).getBytes(StandardCharsets.UTF_8), "test"))
        .hasSize(1);
    assertThatThrownBy(() -> TopicCards.read(json.getBytes(StandardCharsets.ISO_8859_1), "test"))
        .hasMessage(
            "Cannot read topic cards test: it is not JSON in UTF-8 throughout, expected one object;"
                + " see data-schemas");
    assertThatThrownBy(() -> TopicCards.read(json.getBytes(StandardCharsets.UTF_16LE), "test"))
        .isInstanceOf(LetheException.class);
    assertThatThrownBy(() -> read(json.replace("é", "\\ud800")))
        .hasMessage("Invalid topic cards test: cards[0].name holds half of a UTF-16 pair");
  }

  @Test
  void duplicateKeysAndTrailingTextAreRefused() {
    assertThatThrownBy(() -> read("{\"version\":1,\"version\":1}"))
        .hasMessage(
            "Cannot read topic cards test: it is not JSON in UTF-8 at line 1, column 23, expected"
                + " one object; see data-schemas");
    assertThatThrownBy(() -> read("{\"version\":1} {}")).isInstanceOf(LetheException.class);
    assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(LetheException.class);
  }

  private static List<TopicCard> read(String json) {
    return TopicCards.read(json.getBytes(StandardCharsets.UTF_8), "test");
  }
}
