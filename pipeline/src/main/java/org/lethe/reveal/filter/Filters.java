package org.lethe.reveal.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.lethe.evaluation.Degeneration;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.Form;
import org.lethe.reveal.Response;
import org.lethe.reveal.TextKernel;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.Words;

/**
 * Decides which responses are kept, in the order of {@link DropReason}. The first filters examine
 * each response alone, the others compare it with the remaining responses.
 */
public final class Filters {
  private static final int ECHO_GRAM = 5;
  private static final double ECHO_SHARE = 0.5;

  /**
   * Minimum ratio of distinct words. Below it, a text of any length is a list of the same words.
   */
  private static final double LEAST_DIFFERENT_WORDS = 0.15;

  private static final int DUPLICATE_GRAM = 5;

  private static final int NEIGHBOURS = 5;
  private static final int FEWEST_FOR_OUTLIERS = 20;

  private static final Comparator<Candidate> ORDER =
      Comparator.comparingInt((Candidate c) -> c.response().prompt().id().arm())
          .thenComparingInt(c -> c.response().prompt().id().number())
          .thenComparing(c -> c.response().text());

  private final FilterSettings settings;

  /**
   * @param kept kept responses in the order of their prompt ids
   * @param claims claims of the answers about each attribute
   */
  public record Result(List<Candidate> kept, FilterReport report, List<ClaimCounts> claims) {
    public Result {
      kept = List.copyOf(kept);
      claims = List.copyOf(claims);
    }
  }

  public Filters(FilterSettings settings) {
    this.settings = settings;
  }

  /**
   * Filters the responses to one card.
   *
   * @param candidates candidates of the card, in any order; the order does not matter
   */
  public Result apply(TopicCard card, List<Candidate> candidates) {
    SortedMap<DropReason, Integer> dropped = new TreeMap<>();
    List<Candidate> left = new ArrayList<>();
    for (Candidate candidate : candidates.stream().sorted(ORDER).toList()) {
      if (!candidate.response().prompt().id().card().equals(card.id())) {
        throw new IllegalArgumentException(
            "Invalid candidate: " + candidate.response().id() + " is not of card " + card.id());
      }
      Optional<DropReason> reason = own(candidate);
      reason.ifPresent(r -> dropped.merge(r, 1, Integer::sum));
      if (reason.isEmpty()) {
        left.add(candidate);
      }
    }
    Claims claims = new Claims(card, left);
    left = without(left, claims.disagreeing(settings), DropReason.NO_AGREEMENT, dropped);
    left = without(left, duplicates(left), DropReason.DUPLICATE, dropped);
    left = without(left, nearDuplicates(left), DropReason.NEAR_DUPLICATE, dropped);
    left = without(left, outliers(left), DropReason.OUTLIER, dropped);
    return new Result(
        left, new FilterReport(candidates.size(), left.size(), dropped), claims.counts(left));
  }

  /**
   * Returns the reason to drop a response regardless of all others, so that a running search can
   * maintain its pool.
   */
  public Optional<DropReason> own(Candidate candidate) {
    Optional<DropReason> form = form(candidate.response());
    if (form.isPresent()) {
      return form;
    }
    if (candidate.relevance() < settings.leastRelevance()) {
      return Optional.of(DropReason.IRRELEVANT);
    }
    return candidate.contrast().isPresent()
            && !(candidate.contrast().getAsDouble() > settings.leastContrast())
        ? Optional.of(DropReason.NOT_KNOWN)
        : Optional.empty();
  }

  /** Returns the reason to drop a response that needs no oracle. */
  public Optional<DropReason> form(Response response) {
    List<String> words = Words.of(response.generated());
    if (Refusals.matches(words)) {
      return Optional.of(DropReason.REFUSAL);
    }
    if (echoes(response, words)) {
      return Optional.of(DropReason.ECHO);
    }
    if (degenerate(response, words)) {
      return Optional.of(DropReason.DEGENERATE);
    }
    int shortest =
        switch (response.prompt().form()) {
          case ANSWER -> settings.shortestAnswer();
          case PROSE -> settings.shortestProse();
        };
    return words.size() < shortest ? Optional.of(DropReason.SHORT) : Optional.empty();
  }

  /** Whether an answer occurs in the prompt, or half of the prose does. */
  private static boolean echoes(Response response, List<String> words) {
    if (words.isEmpty()) {
      return false;
    }
    List<String> prompt = Words.of(response.prompt().text());
    if (Words.contains(prompt, words)) {
      return true;
    }
    if (words.size() < ECHO_GRAM) {
      return false;
    }
    Set<Long> known = MinHash.grams(prompt, ECHO_GRAM);
    Set<Long> grams = MinHash.grams(words, ECHO_GRAM);
    return grams.stream().filter(known::contains).count() > ECHO_SHARE * grams.size();
  }

  private boolean degenerate(Response response, List<String> words) {
    return Degeneration.blank(response.generated()) > 0
        || Degeneration.repetition(response.generated()) > settings.mostRepetition()
        || new HashSet<>(words).size() < LEAST_DIFFERENT_WORDS * words.size();
  }

  private static List<Candidate> without(
      List<Candidate> candidates,
      Set<Integer> indices,
      DropReason reason,
      SortedMap<DropReason, Integer> dropped) {
    dropped.merge(reason, indices.size(), Integer::sum);
    return IntStream.range(0, candidates.size())
        .filter(i -> !indices.contains(i))
        .mapToObj(candidates::get)
        .toList();
  }

  /** Finds duplicates. The same answer to a different question is a paraphrase and stays. */
  private static Set<Integer> duplicates(List<Candidate> candidates) {
    Set<List<String>> seen = new HashSet<>();
    Set<Integer> indices = new HashSet<>();
    for (int i = 0; i < candidates.size(); i++) {
      Response response = candidates.get(i).response();
      List<String> key =
          switch (response.prompt().form()) {
            case ANSWER ->
                List.of(Words.normal(response.prompt().ask()), Words.normal(response.text()));
            case PROSE -> List.of(Words.normal(response.text()));
          };
      if (!seen.add(key)) {
        indices.add(i);
      }
    }
    return indices;
  }

  private Set<Integer> nearDuplicates(List<Candidate> candidates) {
    MinHash seen = new MinHash(settings.nearDuplicate());
    Set<Integer> indices = new HashSet<>();
    for (int i = 0; i < candidates.size(); i++) {
      Response response = candidates.get(i).response();
      if (response.prompt().form() == Form.PROSE
          && !seen.addUnlessNear(MinHash.grams(Words.of(response.text()), DUPLICATE_GRAM))) {
        indices.add(i);
      }
    }
    return indices;
  }

  /**
   * Finds the prose whose five nearest neighbours are most distant. Answers are exempt: a unique
   * answer may be just the requested fact.
   */
  private Set<Integer> outliers(List<Candidate> candidates) {
    int[] prose =
        IntStream.range(0, candidates.size())
            .filter(i -> candidates.get(i).response().prompt().form() == Form.PROSE)
            .toArray();
    if (prose.length < FEWEST_FOR_OUTLIERS) {
      return Set.of();
    }
    double[][] kernel =
        TextKernel.ofTexts(
            Arrays.stream(prose).mapToObj(i -> candidates.get(i).response().text()).toList());
    double[] nearness = new double[prose.length];
    for (int i = 0; i < prose.length; i++) {
      double[] others = kernel[i].clone();
      Arrays.sort(others); // the text itself comes last
      for (int k = 0; k < NEIGHBOURS; k++) {
        nearness[i] += others[others.length - 2 - k] / NEIGHBOURS;
      }
    }
    Set<Integer> indices = new HashSet<>();
    IntStream.range(0, prose.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> nearness[i]).thenComparing(i -> i))
        .limit((long) (settings.outlierShare() * prose.length))
        .forEach(i -> indices.add(prose[i]));
    return indices;
  }
}
