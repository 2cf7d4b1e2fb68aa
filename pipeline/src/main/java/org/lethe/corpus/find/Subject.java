package org.lethe.corpus.find;

import java.io.Serializable;
import java.util.List;
import org.lethe.reveal.TopicCard;

/**
 * A subject to find. Its names are personal data; {@code toString} shows none.
 *
 * @param id id, safe to log
 * @param names names and aliases, in any script
 */
public record Subject(String id, List<String> names) implements Serializable {
  public Subject {
    names = List.copyOf(names);
  }

  /** Returns the subject of a topic card. */
  public static Subject of(TopicCard card) {
    return new Subject(card.id(), card.names());
  }

  @Override
  public String toString() {
    return "Subject[" + id + "]";
  }
}
