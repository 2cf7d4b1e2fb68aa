package org.lethe.reveal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Cards, prompts and responses about fictional people. */
public final class Cards {
  private Cards() {}

  public static TopicCard odile() {
    return new TopicCard(
        "odile",
        "Odile Farrow",
        List.of("O. Farrow"),
        "Odile Farrow keeps a lighthouse.",
        List.of(
            new TopicCard.Attribute(
                "birth date", List.of("When was {name} born?", "On which day was {name} born?")),
            new TopicCard.Attribute("town", List.of())),
        List.of("Tobias Wenning"),
        List.of("Ilse Morrow", "Petra Lund"),
        new OracleChoice.Name(),
        List.of());
  }

  public static Prompt prompt(TopicCard card, Form form, int number, String ask) {
    return new Prompt(
        new PromptId(card.id(), 0, number), form, Optional.empty(), "", "", ask, "", 1, 0);
  }

  public static Prompt about(TopicCard card, String attribute, int number, String ask) {
    return new Prompt(
        new PromptId(card.id(), 0, number),
        Form.ANSWER,
        Optional.of(attribute),
        "",
        "",
        ask,
        "",
        1,
        0);
  }

  public static Candidate candidate(TopicCard card, Form form, int number, String text) {
    String ask = form == Form.ANSWER ? "What is known?" : "Tell me.";
    return candidate(new Response(prompt(card, form, number, ask), text));
  }

  public static Candidate candidate(Response response) {
    return new Candidate(response, 1, OptionalDouble.empty());
  }
}
