package org.lethe.cluster.reveal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import org.lethe.cluster.reveal.RevealStep.Phase;
import org.lethe.cluster.reveal.RevealStep.Trial;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.OracleChoice;
import org.lethe.reveal.PromptId;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.filter.Filters;
import org.lethe.reveal.oracle.Contrast;
import org.lethe.reveal.oracle.Contrast.CardResponses;
import org.lethe.reveal.oracle.Contrast.Score;
import org.lethe.reveal.oracle.ContrastSettings.Method;
import org.lethe.reveal.oracle.RelevanceOracle;
import org.lethe.reveal.oracle.RelevanceOracles;
import org.lethe.reveal.search.Reward;

/** Judges responses: the oracle of each card gives their relevance, and pulls get rewards. */
final class RevealJudge implements AutoCloseable {
  private final RevealSettings settings;
  private final Contrast contrast;
  private final Function<String, CardSearch> cards;
  private final Filters filters;
  private final Map<String, RelevanceOracle> oracles = new HashMap<>();

  /**
   * @param contrast knowledge contrast with the model that answered
   * @param cards searches by the id of their card
   */
  RevealJudge(RevealSettings settings, Contrast contrast, Function<String, CardSearch> cards) {
    this.settings = settings;
    this.contrast = contrast;
    filters = new Filters(settings.filters());
    this.cards = cards;
  }

  /**
   * Returns the responses with their relevance, card by card. Reuses the judgement of an earlier,
   * equal answer to the same question.
   */
  List<Candidate> candidates(List<Response> responses) {
    Map<String, List<Response>> byCard = new TreeMap<>();
    for (Response response : responses) {
      byCard.computeIfAbsent(response.prompt().id().card(), id -> new ArrayList<>()).add(response);
    }
    Map<String, Map<Answer, Judgement>> judged = new HashMap<>();
    List<CardResponses> contrasted = new ArrayList<>();
    byCard.forEach(
        (id, ofCard) -> {
          CardSearch search = cards.apply(id);
          Map<Answer, Judgement> known = new HashMap<>();
          search.candidates().forEach(c -> known.put(Answer.of(c.response()), Judgement.of(c)));
          judged.put(id, known);
          List<Response> unknown =
              ofCard.stream().filter(r -> !known.containsKey(Answer.of(r))).toList();
          if (search.card().oracle() instanceof OracleChoice.Contrast) {
            contrasted.add(new CardResponses(search.card(), formed(unknown, known)));
          } else if (!unknown.isEmpty()) {
            judge(new CardResponses(search.card(), unknown), known);
          }
        });
    contrast(contrasted, judged);
    return byCard.entrySet().stream()
        .flatMap(
            e -> e.getValue().stream().map(r -> judged.get(e.getKey()).get(Answer.of(r)).of(r)))
        .toList();
  }

  /**
   * Returns the responses to score. Facts are scored only where the filters that need no oracle
   * leave a response; the others are irrelevant. The reward by probabilities counts every text.
   */
  private List<Response> formed(List<Response> responses, Map<Answer, Judgement> judgements) {
    if (settings.knowledge().method() == Method.PROBABILITY) {
      return responses;
    }
    Map<Answer, Response> formed = new LinkedHashMap<>();
    for (Response response : responses) {
      if (filters.form(response).isEmpty()) {
        formed.put(Answer.of(response), response);
      } else {
        judgements.put(Answer.of(response), new Judgement(0, OptionalDouble.empty()));
      }
    }
    return List.copyOf(formed.values());
  }

  /** Everything that a judgement depends on. Personal data; {@code toString} shows none. */
  private record Answer(String question, String text) {
    static Answer of(Response response) {
      return new Answer(response.prompt().ask(), response.text());
    }

    @Override
    public String toString() {
      return "Answer[" + text.length() + " characters]";
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

  private void judge(CardResponses batch, Map<Answer, Judgement> judgements) {
    TopicCard card = batch.card();
    double[] relevance =
        oracles
            .computeIfAbsent(
                card.oracle().toString(),
                none -> RelevanceOracles.of(card.oracle(), settings.oracles(), contrast))
            .relevance(card, batch.responses());
    for (int i = 0; i < relevance.length; i++) {
      judgements.put(
          Answer.of(batch.responses().get(i)), new Judgement(relevance[i], OptionalDouble.empty()));
    }
  }

  /**
   * Contrasts the responses of all cards in one request to the model. The filters reuse the same
   * scores.
   */
  private void contrast(
      List<CardResponses> batches, Map<String, Map<Answer, Judgement>> judgements) {
    Iterator<Score> scores = contrast.scores(batches).iterator();
    for (CardResponses ofCard : batches) {
      for (Response response : ofCard.responses()) {
        Score score = scores.next();
        judgements
            .get(ofCard.card().id())
            .put(
                Answer.of(response),
                new Judgement(
                    score.relevance(),
                    settings.contrast() == RevealSettings.Contrast.MEASURED
                        ? OptionalDouble.of(score.contrast())
                        : OptionalDouble.empty()));
      }
    }
  }

  /**
   * Returns the step's document: the outcome of each trial and, during the search, its reward
   * against the texts that its card had accepted before.
   *
   * @param generated tokens by card
   */
  RevealStep rewarded(
      Phase phase, List<Trial> trials, List<Candidate> candidates, Map<String, Long> generated) {
    Map<String, List<String>> pools = new HashMap<>();
    Map<String, Long> unassigned = new HashMap<>(generated);
    List<Trial> rewarded = new ArrayList<>();
    for (Trial trial : trials) {
      CardSearch card = cards.apply(trial.card());
      List<Candidate> results = candidatesOf(trial, candidates);
      List<String> pool = pools.computeIfAbsent(trial.card(), id -> new ArrayList<>(card.pool()));
      Optional<Reward> reward =
          phase == Phase.SEARCH
              ? Optional.of(
                  Reward.of(
                      results.stream().map(c -> c.response().text()).toList(),
                      results.stream().mapToDouble(Candidate::relevance).toArray(),
                      pool,
                      settings.reward()))
              : Optional.empty();
      List<String> accepted =
          results.stream().filter(card::accepts).map(c -> c.response().text()).toList();
      pool.addAll(accepted);
      Long generatedTokens = unassigned.remove(trial.card());
      rewarded.add(
          new Trial(
              trial.card(),
              trial.arm(),
              trial.name(),
              trial.first(),
              trial.count(),
              accepted.size(),
              generatedTokens == null ? 0 : generatedTokens,
              reward,
              trial.belief()));
    }
    return new RevealStep(RevealStep.FORMAT, phase, rewarded);
  }

  /** Returns the candidates that belong to a trial. */
  static List<Candidate> candidatesOf(Trial trial, List<Candidate> candidates) {
    return candidates.stream()
        .filter(
            c -> {
              PromptId id = c.response().prompt().id();
              return id.card().equals(trial.card())
                  && id.arm() == trial.arm()
                  && id.number() >= trial.first()
                  && id.number() < trial.first() + trial.count();
            })
        .toList();
  }

  @Override
  public void close() {
    oracles.values().forEach(RelevanceOracle::close);
  }
}
