package org.lethe.cluster.reveal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import org.lethe.cluster.reveal.RevealStep.Ask;
import org.lethe.cluster.reveal.RevealStep.Phase;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.OracleChoice;
import org.lethe.reveal.PromptId;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.oracle.KnowledgeContrast;
import org.lethe.reveal.oracle.KnowledgeContrast.Asked;
import org.lethe.reveal.oracle.KnowledgeContrast.Scores;
import org.lethe.reveal.oracle.RelevanceOracle;
import org.lethe.reveal.oracle.RelevanceOracles;
import org.lethe.reveal.oracle.StatementModel;
import org.lethe.reveal.search.Reward;

/** Judges what a model answered: relevance by the oracle of each card, rewards of the pulls. */
final class RevealJudge implements AutoCloseable {
  private final RevealSettings settings;
  private final StatementModel model;
  private final Function<String, CardSearch> cards;
  private final Map<String, RelevanceOracle> oracles = new HashMap<>();

  /**
   * @param model the one that answered, for oracles that compare probabilities
   * @param cards searches by the id of their card
   */
  RevealJudge(RevealSettings settings, StatementModel model, Function<String, CardSearch> cards) {
    this.settings = settings;
    this.model = model;
    this.cards = cards;
  }

  /**
   * What the model answered, with its relevance, card by card. What was answered to the same
   * question before is not judged again.
   */
  List<Candidate> candidates(List<Response> responses) {
    Map<String, List<Response>> byCard = new TreeMap<>();
    for (Response response : responses) {
      byCard.computeIfAbsent(response.prompt().id().card(), id -> new ArrayList<>()).add(response);
    }
    Map<String, Map<Said, Judgement>> judged = new HashMap<>();
    List<Asked> contrasted = new ArrayList<>();
    byCard.forEach(
        (id, ofCard) -> {
          CardSearch search = cards.apply(id);
          Map<Said, Judgement> known = new HashMap<>();
          search.candidates().forEach(c -> known.put(Said.of(c.response()), Judgement.of(c)));
          judged.put(id, known);
          Asked unknown =
              new Asked(
                  search.card(),
                  ofCard.stream().filter(r -> !known.containsKey(Said.of(r))).toList());
          if (search.card().oracle() instanceof OracleChoice.Contrast) {
            contrasted.add(unknown);
          } else if (!unknown.responses().isEmpty()) {
            judge(unknown, known);
          }
        });
    contrast(contrasted, judged);
    return byCard.entrySet().stream()
        .flatMap(e -> e.getValue().stream().map(r -> judged.get(e.getKey()).get(Said.of(r)).of(r)))
        .toList();
  }

  /** What a judgement depends on. Personal data; {@code toString} shows none. */
  private record Said(String ask, String text) {
    static Said of(Response response) {
      return new Said(response.prompt().ask(), response.text());
    }

    @Override
    public String toString() {
      return "Said[" + text.length() + " characters]";
    }
  }

  private record Judgement(double relevance, OptionalDouble contrast) {
    static Judgement of(Candidate candidate) {
      return new Judgement(candidate.relevance(), candidate.contrast());
    }

    Candidate of(Response response) {
      return new Candidate(response, relevance, contrast);
    }
  }

  private void judge(Asked asked, Map<Said, Judgement> judgements) {
    TopicCard card = asked.card();
    double[] relevance =
        oracles
            .computeIfAbsent(
                card.oracle().toString(),
                none -> RelevanceOracles.of(card.oracle(), settings.oracles(), model))
            .relevance(card, asked.responses());
    for (int i = 0; i < relevance.length; i++) {
      judgements.put(
          Said.of(asked.responses().get(i)), new Judgement(relevance[i], OptionalDouble.empty()));
    }
  }

  /** All cards in one question to the model; the filters take the contrast from the same answer. */
  private void contrast(List<Asked> asked, Map<String, Map<Said, Judgement>> judgements) {
    Iterator<Scores> scores = new KnowledgeContrast(model).scores(asked).iterator();
    for (Asked ofCard : asked) {
      for (Response response : ofCard.responses()) {
        Scores score = scores.next();
        judgements
            .get(ofCard.card().id())
            .put(
                Said.of(response),
                new Judgement(
                    score.relevance(),
                    settings.contrast() == RevealSettings.Contrast.MEASURED
                        ? OptionalDouble.of(score.contrast())
                        : OptionalDouble.empty()));
      }
    }
  }

  /**
   * The step as it is kept: what each ask gave, and the reward of each pull of the search, against
   * what its card had accepted before.
   *
   * @param generated tokens by card
   */
  RevealStep rewarded(
      Phase phase, List<Ask> asks, List<Candidate> candidates, Map<String, Long> generated) {
    Map<String, List<String>> pools = new HashMap<>();
    Map<String, Long> untold = new HashMap<>(generated);
    List<Ask> rewarded = new ArrayList<>();
    for (Ask ask : asks) {
      CardSearch card = cards.apply(ask.card());
      List<Candidate> made = made(ask, candidates);
      List<String> pool = pools.computeIfAbsent(ask.card(), id -> new ArrayList<>(card.pool()));
      Optional<Reward> reward =
          phase == Phase.SEARCH
              ? Optional.of(
                  Reward.of(
                      made.stream().map(c -> c.response().text()).toList(),
                      made.stream().mapToDouble(Candidate::relevance).toArray(),
                      pool,
                      settings.reward()))
              : Optional.empty();
      List<String> accepted =
          made.stream().filter(card::accepts).map(c -> c.response().text()).toList();
      pool.addAll(accepted);
      Long told = untold.remove(ask.card());
      rewarded.add(
          new Ask(
              ask.card(),
              ask.arm(),
              ask.name(),
              ask.first(),
              ask.count(),
              accepted.size(),
              told == null ? 0 : told,
              reward,
              ask.belief()));
    }
    return new RevealStep(RevealStep.FORMAT, phase, rewarded);
  }

  /** Those that an ask was answered with. */
  static List<Candidate> made(Ask ask, List<Candidate> candidates) {
    return candidates.stream()
        .filter(
            c -> {
              PromptId id = c.response().prompt().id();
              return id.card().equals(ask.card())
                  && id.arm() == ask.arm()
                  && id.number() >= ask.first()
                  && id.number() < ask.first() + ask.count();
            })
        .toList();
  }

  @Override
  public void close() {
    oracles.values().forEach(RelevanceOracle::close);
  }
}
