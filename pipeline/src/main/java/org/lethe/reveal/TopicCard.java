package org.lethe.reveal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Describes a subject to forget without forget data: its names, what the model may know about it,
 * and what must be kept. The texts are personal data; {@code toString} shows none.
 *
 * @param id id, safe to log: lower-case letters, digits, hyphens
 * @param name canonical name
 * @param aliases other names; prompts use each of them, and each counts as a mention
 * @param description one sentence that distinguishes the subject from namesakes, or empty
 * @param attributes attributes that the model may know
 * @param neighbours names of others about whom the model's knowledge must be kept
 * @param substitutes names that replace the subject's in the knowledge contrast; if empty, invented
 *     names are used
 * @param oracle oracle that judges relevance
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
   * An attribute of a subject.
   *
   * @param name name such as {@code birth date}; appears in prompts, safe to log
   * @param questions questions with {@code {name}} in place of the subject's name; may be empty
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

  /** Returns the canonical name and the aliases. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(name);
    names.addAll(aliases);
    return List.copyOf(names);
  }

  /**
   * Returns cards for the neighbours, with the same attributes, oracle and templates. The same run
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
