package org.lethe.reveal;

import java.util.List;

/** Reads topic cards, data-schemas/topic-card.schema.json. */
public final class TopicCards {
  private TopicCards() {}

  /**
   * Reads a document of one or more cards.
   *
   * @param json UTF-8
   * @param where what messages call the document; they quote nothing of it but keys
   * @throws org.lethe.error.LetheException naming all problems at once
   */
  public static List<TopicCard> read(byte[] json, String where) {
    throw new UnsupportedOperationException("skeleton: " + json.length + where);
  }
}
