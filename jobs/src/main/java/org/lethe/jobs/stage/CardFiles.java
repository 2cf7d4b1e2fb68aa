package org.lethe.jobs.stage;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.Problems;
import org.lethe.jobs.config.RevealedData;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.TopicCards;
import org.lethe.store.FileSystems;

/** Reads the topic cards of a run. */
public final class CardFiles {
  private CardFiles() {}

  /** The cards of a run that reveals, in the order of their files. */
  static List<TopicCard> read(StageContext context) {
    return read(
        context.plan().revealed().map(RevealedData::cards).orElse(List.of()),
        context.job().spark().hadoopConfiguration());
  }

  /**
   * The cards of some files, in their order.
   *
   * @throws org.lethe.error.LetheException USAGE if two cards have one id
   */
  public static List<TopicCard> read(List<URI> files, Configuration hadoop) {
    List<TopicCard> cards = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (URI uri : files) {
      for (TopicCard card : TopicCards.read(bytes(new Path(uri), hadoop), uri.toString())) {
        if (!ids.add(card.id())) {
          throw Problems.failure(
              "two topic cards have the id " + card.id() + ", the second in " + uri);
        }
        cards.add(card);
      }
    }
    return cards;
  }

  private static byte[] bytes(Path file, Configuration hadoop) {
    try (InputStream in = FileSystems.of(file, hadoop).open(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }
}
