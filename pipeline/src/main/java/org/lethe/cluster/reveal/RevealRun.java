package org.lethe.cluster.reveal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.cluster.reveal.RevealStep.Ask;
import org.lethe.cluster.reveal.RevealStep.Phase;
import org.lethe.corpus.CandidateRows;
import org.lethe.error.RunErrors;
import org.lethe.reveal.Arm;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.search.ArmContexts;
import org.lethe.reveal.search.ArmSearch;
import org.lethe.reveal.search.Choice;
import org.lethe.reveal.search.SearchSettings.Strategy;
import org.lethe.run.Documents;
import org.lethe.run.PhaseHook;
import org.lethe.run.RunDirectory;

/**
 * Makes a model tell what it knows of some topics. The searches of all cards go side by side, one
 * step after another, and every step asks all its prompts in one Spark job. A step is kept in a
 * folder of its own before the next begins, so that a run that was killed goes on with the steps
 * that stand and ends with the same corpus.
 */
public final class RevealRun {
  private static final String STEPS = "steps";
  private static final String CANDIDATES = "candidates.parquet";
  private static final String STEP = "step.json";

  private final JavaSparkContext spark;
  private final RevealPlan plan;
  private final RevealSettings settings;
  private final Path folder;
  private final Configuration hadoop;
  private final FileSystem files;
  private final Prompting prompting;
  private final RevealListener listener;
  private final Map<String, CardSearch> cards = new LinkedHashMap<>();
  private final Map<String, CardSearch> neighbours = new LinkedHashMap<>();
  private final Map<String, ArmSearch> searches = new HashMap<>();
  private final RevealJudge judge;
  private int steps;
  private long answered;
  private long tokens;

  private RevealRun(JavaSparkContext spark, RevealPlan plan, Path folder, RevealListener listener) {
    this.spark = spark;
    this.plan = plan;
    this.settings = plan.settings();
    this.folder = folder;
    this.hadoop = spark.hadoopConfiguration();
    this.listener = listener;
    try {
      files = RunDirectory.fileSystem(folder, hadoop);
    } catch (java.io.IOException e) {
      throw RunErrors.io("opening", folder.toString(), e);
    }
    prompting =
        new Prompting(
            spark, plan.model(), settings.prompting(), plan.workers(), new Path(folder, "asking"));
    judge = new RevealJudge(settings, prompting, this::card);
  }

  /**
   * Reveals into a folder, from the steps on that stand there, and writes the corpora and, last,
   * {@link RevealReport#FILE}.
   *
   * @throws org.lethe.error.LetheException DIVERGED if the model gives NaN or an infinity; INPUT if
   *     nothing was revealed that can be trained on
   */
  public static RevealReport run(
      JavaSparkContext spark, RevealPlan plan, Path folder, RevealListener listener) {
    RevealRun run = new RevealRun(spark, plan, folder, listener);
    try {
      return run.run();
    } finally {
      run.judge.close();
      spark.setJobDescription(null);
    }
  }

  private RevealReport run() {
    for (TopicCard card : plan.cards()) {
      List<Arm> arms = plan.pool().arms(card, settings.arms(), settings.seed());
      RevealPlan.Earlier earlier = earlier(card);
      cards.put(card.id(), new CardSearch(card, arms, settings, earlier.arms(), earlier.prompts()));
    }
    replay();
    search();
    share();
    harvest();
    neighbours();
    PhaseHook.reached("reveal:asked");
    return new RevealedCorpus(plan, folder, hadoop, prompting)
        .write(List.copyOf(cards.values()), List.copyOf(neighbours.values()));
  }

  /** Takes the steps that stand into account. */
  private void replay() {
    for (Path step = step(); Documents.exists(files, new Path(step, STEP)); step = step()) {
      RevealStep done = Documents.read(files, new Path(step, STEP), RevealStep.class);
      if (done.phase() == Phase.NEIGHBOURS && neighbours.isEmpty()) {
        share();
        openNeighbours();
      }
      take(done, CandidateRows.read(new Path(step, CANDIDATES), hadoop));
    }
    // What an attempt that was killed left behind.
    Documents.delete(files, step());
  }

  private Path step() {
    return new Path(new Path(folder, STEPS), String.format(Locale.ROOT, "%06d", steps));
  }

  private void search() {
    Map<String, double[][]> contexts = contexts();
    for (CardSearch card : cards.values()) {
      searches.put(
          card.card().id(),
          ArmSearch.of(settings.search().of(card.card()), contexts.get(card.card().id())));
    }
    while (true) {
      // Each search has a network of its own to train.
      List<List<Ask>> chosen =
          List.copyOf(cards.values()).parallelStream().map(this::searchAsks).toList();
      List<Ask> asks = chosen.stream().flatMap(List::stream).toList();
      if (asks.isEmpty()) {
        return;
      }
      step(Phase.SEARCH, asks);
    }
  }

  private List<Ask> searchAsks(CardSearch card) {
    return card.choices(searches.get(card.card().id())).stream()
        .map(choice -> ask(card, choice.arm(), settings.responses(), choice.belief()))
        .toList();
  }

  /** Contexts of the arms of all cards whose search goes on, in one pass. */
  private Map<String, double[][]> contexts() {
    boolean blind = settings.search().strategy() == Strategy.RANDOM;
    Map<String, double[][]> contexts = new HashMap<>();
    List<CardSearch> asked = new ArrayList<>();
    for (CardSearch card : cards.values()) {
      if (blind || card.searchEnd().isPresent()) {
        contexts.put(card.card().id(), new double[card.arms().size()][1]);
      } else {
        asked.add(card);
      }
    }
    if (!asked.isEmpty()) {
      spark.setJobDescription("Lethe: contexts of the arms");
      float[][] states =
          prompting.states(asked.stream().flatMap(card -> card.instructions().stream()).toList());
      int first = 0;
      for (CardSearch card : asked) {
        int end = first + card.arms().size();
        contexts.put(
            card.card().id(),
            ArmContexts.withTemperature(Arrays.copyOfRange(states, first, end), card.arms()));
        first = end;
      }
    }
    return contexts;
  }

  /**
   * What worked for one card is asked of all: each card tries a few arms only, and whatever was
   * trained on of several people was mostly trained on in the same words.
   */
  private void share() {
    Map<String, List<Double>> rewards = new TreeMap<>();
    for (CardSearch card : cards.values()) {
      for (Ask pull : card.pulls()) {
        rewards
            .computeIfAbsent(pull.name(), name -> new ArrayList<>())
            .add(pull.reward().orElseThrow().value());
      }
    }
    Map<String, Double> means = new TreeMap<>();
    rewards.forEach(
        (name, all) ->
            means.put(name, all.stream().mapToDouble(value -> value).average().orElse(0)));
    List<String> best =
        means.entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .sorted(
                Comparator.comparingDouble((Map.Entry<String, Double> e) -> -e.getValue())
                    .thenComparing(Map.Entry::getKey))
            .limit(settings.best())
            .map(Map.Entry::getKey)
            .toList();
    cards.values().forEach(card -> card.share(best));
  }

  private void harvest() {
    while (settings.harvest() > 0) {
      List<Ask> asks = new ArrayList<>();
      for (CardSearch card : cards.values()) {
        if (card.end().isEmpty()) {
          for (int arm : card.best()) {
            asks.add(ask(card, arm, settings.harvest(), Optional.empty()));
          }
        }
      }
      if (asks.isEmpty()) {
        return;
      }
      step(Phase.HARVEST, asks);
    }
  }

  private void neighbours() {
    if (settings.neighbourPrompts() == 0 || !neighbours.isEmpty()) {
      return;
    }
    openNeighbours();
    List<Ask> asks = new ArrayList<>();
    for (CardSearch neighbour : neighbours.values()) {
      List<Integer> best = neighbour.best();
      for (int i = 0; i < best.size(); i++) {
        // As even as whole numbers allow.
        int count =
            settings.neighbourPrompts() * (i + 1) / best.size()
                - settings.neighbourPrompts() * i / best.size();
        if (count > 0) {
          asks.add(ask(neighbour, best.get(i), count, Optional.empty()));
        }
      }
    }
    if (!asks.isEmpty()) {
      step(Phase.NEIGHBOURS, asks);
    }
  }

  /** A neighbour of several cards is asked once; what is to be forgotten is no neighbour. */
  private void openNeighbours() {
    Map<String, CardSearch> byName = new TreeMap<>();
    for (CardSearch card : cards.values()) {
      card.card().names().forEach(name -> byName.put(normalised(name), card));
    }
    for (CardSearch card : cards.values()) {
      for (TopicCard neighbour : card.card().neighbourCards()) {
        if (byName.putIfAbsent(normalised(neighbour.name()), card) == null) {
          neighbours.put(
              neighbour.id(),
              new CardSearch(
                  neighbour, card.arms(), settings, card.best(), earlier(neighbour).prompts()));
        }
      }
    }
  }

  private RevealPlan.Earlier earlier(TopicCard card) {
    return plan.earlier().getOrDefault(card.id(), RevealPlan.Earlier.NONE);
  }

  private static String normalised(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  private static Ask ask(CardSearch card, int arm, int count, Optional<Choice.Belief> belief) {
    return new Ask(
        card.card().id(),
        arm,
        card.arms().get(arm).name(),
        card.first(arm),
        count,
        0,
        0,
        Optional.empty(),
        belief);
  }

  /** Asks, judges, keeps. */
  private void step(Phase phase, List<Ask> asks) {
    PhaseHook.reached("reveal:step");
    spark.setJobDescription("Lethe: reveal, step " + (steps + 1));
    List<Prompt> prompts = new ArrayList<>();
    asks.forEach(ask -> prompts.addAll(card(ask.card()).prompts(ask.arm(), ask.count())));
    Prompting.Asked made =
        prompting.respond(
            prompts,
            (responses, total, newTokens) ->
                listener.progressed(
                    phase, answered + responses, most(phase, total), tokens + newTokens));
    List<Candidate> candidates = judge.candidates(made.responses());
    RevealStep done = judge.rewarded(phase, asks, candidates, made.tokens());
    Path step = step();
    CandidateRows.write(candidates, new Path(step, CANDIDATES), hadoop);
    PhaseHook.reached("reveal:before-step-document");
    Documents.write(files, new Path(step, STEP), done);
    tokens += made.tokens().values().stream().mapToLong(Long::longValue).sum();
    take(done, candidates);
  }

  /** The most prompts until the end of a phase, for the time that is left. */
  private long most(Phase phase, long inStep) {
    long search = (long) settings.budget().pulls() * settings.responses() * cards.size();
    return Math.max(
        answered + inStep,
        phase == Phase.SEARCH ? Math.min(search, budget()) : phase == Phase.HARVEST ? budget() : 0);
  }

  private long budget() {
    long each = settings.budget().prompts();
    return each > Integer.MAX_VALUE ? 0 : each * cards.size();
  }

  private CardSearch card(String id) {
    CardSearch card = cards.get(id);
    return card == null ? neighbours.get(id) : card;
  }

  private void take(RevealStep done, List<Candidate> candidates) {
    for (Ask ask : done.asks()) {
      card(ask.card()).add(ask, RevealJudge.made(ask, candidates));
      answered += ask.count();
    }
    cards.values().forEach(CardSearch::decide);
    steps++;
  }
}
