package org.lethe.reveal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is to be forgotten, described without forget data: who or what it is, what may be known of
 * it, what must be kept. The texts are personal data; {@code toString} shows none.
 *
 * @param id safe to log: lower-case letters, digits, hyphens
 * @param name the canonical name
 * @param aliases other names, each of them used in prompts and counted as a mention
 * @param description one sentence that tells the subject from namesakes, or empty
 * @param attributes what may be known of it
 * @param neighbours names of others, of which the model's knowledge must be kept
 * @param substitutes names to be put in place of the subject's in the knowledge contrast; where
 *     there are none, invented ones are used
 * @param oracle what counts as relevant
 * @param templates the user's own templates, added to the built-in ones
 */
public record TopicCard(
    String id,
    String name,
    List<String> aliases,
    String description,
    List<Attribute> attributes,
    List<String> neighbours,
    List<String> substitutes,
    OracleChoice oracle,
    List<Template> templates) {

  /**
   * Something that may be known of a subject.
   *
   * @param name such as {@code birth date}; put into prompts, safe to log
   * @param questions with {@code {name}} where the subject's name belongs; may be empty
   */
  public record Attribute(String name, List<String> questions) {
    public Attribute {
      questions = List.copyOf(questions);
    }
  }

  public TopicCard {
    aliases = List.copyOf(aliases);
    attributes = List.copyOf(attributes);
    neighbours = List.copyOf(neighbours);
    substitutes = List.copyOf(substitutes);
    templates = List.copyOf(templates);
  }

  /** The canonical name and the aliases. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(name);
    names.addAll(aliases);
    return List.copyOf(names);
  }

  /**
   * Cards for the neighbours, with the same attributes, oracle and templates: the same pipeline run
   * on them gives retain data. Their ids are this one's with {@code -n00}, {@code -n01}...
   */
  public List<TopicCard> neighbourCards() {
    List<TopicCard> cards = new ArrayList<>();
    for (int i = 0; i < neighbours.size(); i++) {
      List<String> others = new ArrayList<>(neighbours);
      others.set(i, name);
      cards.add(
          new TopicCard(
              String.format(Locale.ROOT, "%s-n%02d", id, i),
              neighbours.get(i),
              List.of(),
              "",
              attributes,
              others,
              substitutes,
              oracle,
              templates));
    }
    return List.copyOf(cards);
  }

  @Override
  public String toString() {
    return "TopicCard[" + id + "]";
  }
}
