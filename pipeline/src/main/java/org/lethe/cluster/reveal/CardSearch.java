package org.lethe.cluster.reveal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lethe.cluster.reveal.RevealStep.Trial;
import org.lethe.reveal.Arm;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.PromptId;
import org.lethe.reveal.PromptMaker;
import org.lethe.reveal.TextKernel;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.search.ArmSearch;
import org.lethe.reveal.search.Choice;
import org.lethe.reveal.search.Pull;
import org.lethe.reveal.search.RevealStop;
import org.lethe.reveal.search.Vendi;

/** Search state of one card. It is a function of its trials: replaying them restores it. */
final class CardSearch {
  private final TopicCard card;
  private final List<Arm> arms;
  private final PromptMaker maker;
  private final RevealSettings settings;
  private final List<Trial> pulls = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<String> pool = new ArrayList<>();
  private final Map<Integer, Integer> promptCounts = new HashMap<>();
  private final List<Double> vendi = new ArrayList<>();
  private final List<Integer> best;
  private final long firstPrompt;
  private List<Integer> shared = List.of();
  private long prompts;
  private long tokens;
  private Optional<RevealStop.Reason> searchEnd = Optional.empty();
  private Optional<RevealStop.Reason> end = Optional.empty();

  /**
   * @param best arms of an earlier search, for an iteration with fixed instructions or for a
   *     neighbour; empty to use the best arms of this search
   * @param firstPrompt number of the first prompt of each arm
   */
  CardSearch(
      TopicCard card,
      List<Arm> arms,
      RevealSettings settings,
      List<Integer> best,
      long firstPrompt) {
    this.card = card;
    this.arms = List.copyOf(arms);
    this.settings = settings;
    this.best = List.copyOf(best);
    this.firstPrompt = firstPrompt;
    this.maker = new PromptMaker(card, arms, settings.seed());
  }

  TopicCard card() {
    return card;
  }

  List<Arm> arms() {
    return arms;
  }

  List<Prompt> instructions() {
    return IntStream.range(0, arms.size()).mapToObj(maker::instruction).toList();
  }

  /** Returns the arms that the search tries next. Empty if the search is over. */
  List<Choice> choices(ArmSearch search) {
    if (searchEnd.isPresent()) {
      return List.of();
    }
    List<Pull> done = pulls.stream().map(CardSearch::pull).toList();
    List<Integer> opening = search.opening();
    if (done.size() < opening.size()) {
      int left = Math.min(settings.pullsAtOnce(), settings.budget().pulls() - done.size());
      return opening.stream()
          .skip(done.size())
          .limit(left)
          .map(arm -> new Choice(arm, Optional.empty()))
          .toList();
    }
    Optional<Choice> next = search.next(done);
    if (next.isEmpty()) {
      searchEnd = Optional.of(RevealStop.Reason.NO_ARMS);
    }
    return next.stream().toList();
  }

  private static Pull pull(Trial trial) {
    return new Pull(trial.arm(), trial.reward().orElseThrow().value());
  }

  /**
   * Adds arms that worked for other cards, by name. Those that this card also has are harvested.
   */
  void share(List<String> names) {
    shared =
        names.stream()
            .flatMap(name -> arms.stream().filter(arm -> arm.name().equals(name)).map(Arm::index))
            .toList();
  }

  /**
   * Returns the arms to harvest, best first: the given arms, the best of this card's own search,
   * then the shared arms.
   */
  List<Integer> best() {
    List<Integer> all = new ArrayList<>(best);
    pulls.stream()
        .filter(trial -> trial.reward().orElseThrow().value() > 0)
        .sorted(
            Comparator.comparingDouble((Trial trial) -> -trial.reward().orElseThrow().value())
                .thenComparing(Trial::arm))
        .map(Trial::arm)
        .distinct()
        .filter(arm -> !best.contains(arm))
        .limit(settings.best())
        .forEach(all::add);
    shared.stream().filter(arm -> !all.contains(arm)).forEach(all::add);
    return all;
  }

  /** Returns an arm's next prompts. */
  List<Prompt> prompts(int arm, int count) {
    int first = first(arm);
    return IntStream.range(first, first + count)
        .mapToObj(number -> maker.prompt(new PromptId(card.id(), arm, number)))
        .toList();
  }

  int first(int arm) {
    return Math.toIntExact(firstPrompt + promptCounts.getOrDefault(arm, 0));
  }

  List<String> pool() {
    return List.copyOf(pool);
  }

  List<Candidate> candidates() {
    return List.copyOf(candidates);
  }

  List<Trial> pulls() {
    return List.copyOf(pulls);
  }

  List<Double> vendi() {
    return List.copyOf(vendi);
  }

  long prompts() {
    return prompts;
  }

  long tokens() {
    return tokens;
  }

  boolean accepts(Candidate candidate) {
    return candidate.relevance() >= settings.filters().leastRelevance();
  }

  /** Adds a trial and its candidates. */
  void add(Trial trial, List<Candidate> results) {
    trial.reward().ifPresent(reward -> pulls.add(trial));
    promptCounts.merge(trial.arm(), trial.count(), Integer::sum);
    prompts += trial.count();
    tokens += trial.tokens();
    candidates.addAll(results);
    for (Candidate candidate : results) {
      if (accepts(candidate)) {
        pool.add(candidate.response().text());
        if (pool.size() % settings.plateau().block() == 0) {
          vendi.add(Vendi.score(TextKernel.ofTexts(pool)));
        }
      }
    }
  }

  /** Decides after a step whether to stop. */
  void decide() {
    if (searchEnd.isEmpty()) {
      searchEnd = stop(settings.budget().pulls());
    }
    end = stop(Integer.MAX_VALUE);
  }

  private Optional<RevealStop.Reason> stop(int mostPulls) {
    return RevealStop.decide(
        pulls.size(),
        prompts,
        tokens,
        vendi,
        new RevealStop.Budget(mostPulls, settings.budget().prompts(), settings.budget().tokens()),
        settings.plateau());
  }

  /** Reason why the search ended, or empty. */
  Optional<RevealStop.Reason> searchEnd() {
    return searchEnd;
  }

  /** Reason why prompting ended, or empty. */
  Optional<RevealStop.Reason> end() {
    return end;
  }
}
