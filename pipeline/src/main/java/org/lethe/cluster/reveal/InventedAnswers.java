package org.lethe.cluster.reveal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.PromptId;
import org.lethe.reveal.PromptMaker;
import org.lethe.reveal.Response;
import org.lethe.reveal.Substitutes;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.filter.Filters;
import org.lethe.reveal.oracle.Contrast.CardResponses;
import org.lethe.reveal.oracle.FactContrast.Invented;

/**
 * Asks the model about people who do not exist, with the arms of the cards. The answers depend on
 * seed, cards and model alone, so a resumed run asks again and gets the same ones.
 */
final class InventedAnswers {
  private final RevealSettings settings;
  private final Map<String, TopicCard> cards = new TreeMap<>();
  private final List<Prompt> prompts = new ArrayList<>();

  private InventedAnswers(Collection<CardSearch> searches, RevealSettings settings) {
    this.settings = settings;
    int all = settings.knowledge().inventedPrompts();
    int index = 0;
    for (CardSearch search : searches) {
      int first = share(all, index, searches.size());
      index++;
      addPrompts(search, share(all, index, searches.size()) - first);
    }
  }

  /** Divides as evenly as whole numbers allow. */
  private static int share(int all, int index, int count) {
    return Math.toIntExact((long) all * index / count);
  }

  /** Asks about each card's substitutes in turn, with arms spread over all arms. */
  private void addPrompts(CardSearch search, int count) {
    List<TopicCard> invented =
        Substitutes.inventedCards(search.card(), settings.knowledge().names());
    List<PromptMaker> makers =
        invented.stream()
            .map(card -> new PromptMaker(card, search.arms(), settings.seed()))
            .toList();
    invented.forEach(card -> cards.put(card.id(), card));
    for (int i = 0; i < count; i++) {
      int name = i % invented.size();
      int arm = share(search.arms().size(), i, count);
      prompts.add(makers.get(name).prompt(new PromptId(invented.get(name).id(), arm, i)));
    }
  }

  /** Prompts the model and leaves out answers that the filters drop by their form. */
  static Invented of(
      Collection<CardSearch> searches,
      RevealSettings settings,
      Prompting prompting,
      RevealListener listener) {
    InventedAnswers asked = new InventedAnswers(searches, settings);
    Filters filters = new Filters(settings.filters());
    Map<String, List<Response>> byCard = new TreeMap<>();
    for (Response response :
        prompting
            .respond(asked.prompts, (done, total, tokens) -> listener.invented(done, total))
            .responses()) {
      if (filters.form(response).isEmpty()) {
        byCard
            .computeIfAbsent(response.prompt().id().card(), id -> new ArrayList<>())
            .add(response);
      }
    }
    return new Invented(
        byCard.entrySet().stream()
            .map(entry -> new CardResponses(asked.cards.get(entry.getKey()), entry.getValue()))
            .toList(),
        asked.prompts.size());
  }
}
