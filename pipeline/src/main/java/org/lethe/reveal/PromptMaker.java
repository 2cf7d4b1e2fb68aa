package org.lethe.reveal;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the prompts of one card. The same seed and id give the same prompt everywhere. */
public final class PromptMaker {
  private final TopicCard card;
  private final List<Arm> arms;
  private final long seed;

  /**
   * @param arms arms from {@link ArmPool#arms}
   */
  public PromptMaker(TopicCard card, List<Arm> arms, long seed) {
    this.card = card;
    this.arms = List.copyOf(arms);
    this.seed = seed;
  }

  /**
   * Returns one prompt. Draws one of the names. Attributes and their questions alternate, so as
   * many prompts as there are questions cover all of them.
   *
   * @throws IllegalArgumentException if the id belongs to another card or to no arm
   */
  public Prompt prompt(PromptId id) {
    if (!id.card().equals(card.id()) || id.arm() < 0 || id.arm() >= arms.size()) {
      throw new IllegalArgumentException("Invalid prompt id: " + id + " for " + card);
    }
    SeededRandom draws = SeededRandom.of(seed, "prompt " + id);
    long start = SeededRandom.mix(seed, "attributes of " + card.id() + " " + id.arm()) >>> 33;
    return make(id, draws.pick(card.names()), start + id.number());
  }

  /**
   * Returns the instruction whose last-token hidden state is the arm's context. It uses the
   * canonical name and the first attribute.
   */
  public Prompt instruction(int arm) {
    return make(new PromptId(card.id(), arm, 0), card.name(), 0);
  }

  private Prompt make(PromptId id, String name, long turn) {
    Arm arm = arms.get(id.arm());
    Template template = arm.template();
    Optional<TopicCard.Attribute> attribute = Optional.empty();
    String question = "";
    if (template.asksForAttribute()) {
      int count = card.attributes().size();
      TopicCard.Attribute chosen = card.attributes().get((int) (turn % count));
      attribute = Optional.of(chosen);
      List<String> questions = chosen.questions();
      question =
          questions.isEmpty()
              ? "What is the " + chosen.name() + " of {name}?"
              : questions.get((int) (turn / count % questions.size()));
    }
    Map<String, String> values =
        Map.of(
            Placeholders.NAME, name,
            Placeholders.DESCRIPTION, card.description(),
            Placeholders.ATTRIBUTE, attribute.map(TopicCard.Attribute::name).orElse(""),
            Placeholders.QUESTION, Placeholders.fill(question, Map.of(Placeholders.NAME, name)));
    String ask = withoutGap(Placeholders.fill(template.ask(), values));
    String opener = Placeholders.fill(arm.opener().text(), values);
    if (template.kind() == ModelKind.BASE
        && !opener.isEmpty()
        && !Character.isWhitespace(ask.charAt(ask.length() - 1))) {
      opener = " " + opener;
    }
    String persona = withoutGap(Placeholders.fill(arm.persona().text(), values));
    return new Prompt(
        id,
        template.form(),
        attribute.map(TopicCard.Attribute::name),
        template.kind() == ModelKind.BASE && !persona.isEmpty() ? persona + "\n\n" : persona,
        Placeholders.fill(template.frame(), values),
        ask,
        opener,
        arm.temperature(),
        SeededRandom.mix(seed, "sampling " + id));
  }

  /** Removes the space that an empty description leaves at the end. */
  private static String withoutGap(String text) {
    return text.endsWith(" ") ? text.stripTrailing() : text;
  }
}
