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
import org.lethe.cluster.reveal.RevealStep.Phase;
import org.lethe.cluster.reveal.RevealStep.Trial;
import org.lethe.corpus.CandidateRows;
import org.lethe.error.RunErrors;
import org.lethe.reveal.Arm;
import org.lethe.reveal.Candidate;
import org.lethe.reveal.Prompt;
import org.lethe.reveal.TopicCard;
import org.lethe.reveal.oracle.Contrast;
import org.lethe.reveal.oracle.FactContrast;
import org.lethe.reveal.oracle.KnowledgeContrast;
import org.lethe.reveal.search.ArmContexts;
import org.lethe.reveal.search.ArmSearch;
import org.lethe.reveal.search.Choice;
import org.lethe.reveal.search.SearchSettings.Strategy;
import org.lethe.run.Documents;
import org.lethe.run.PhaseHook;
import org.lethe.spark.SparkJob;
import org.lethe.store.FileSystems;

/**
 * Elicits what a model knows about some subjects. The searches of all cards advance together, step
 * by step, and a step sends all its prompts in one Spark job. Each step is saved in its own folder
 * before the next begins. So an interrupted run resumes after the last complete step and ends with
 * the same corpus.
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
  private final Contrast contrast;
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
      files = FileSystems.of(folder, hadoop);
    } catch (java.io.IOException e) {
      throw RunErrors.io("opening", folder.toString(), e);
    }
    prompting =
        new Prompting(
            spark,
            plan.model(),
            settings.prompting(),
            plan.workers(),
            new Path(folder, "asking"),
            listener::judged);
    contrast = contrast();
    judge = new RevealJudge(settings, contrast, this::card);
  }

  /**
   * Reveals into a folder, resuming from its complete steps. Writes the corpora and, last, {@link
   * RevealReport#FILE}.
   *
   * @throws org.lethe.error.LetheException DIVERGED if the model gives NaN or an infinity; INPUT if
   *     no row for training was revealed
   */
  public static RevealReport run(
      JavaSparkContext spark, RevealPlan plan, Path folder, RevealListener listener) {
    RevealRun run = new RevealRun(spark, plan, folder, listener);
    try {
      return SparkJob.run(spark, "reveal", run::run);
    } finally {
      run.judge.close();
    }
  }

  private Contrast contrast() {
    return switch (settings.knowledge().method()) {
      case PROBABILITY -> new KnowledgeContrast(prompting);
      case FACTS ->
          new FactContrast(
              prompting,
              settings.knowledge(),
              () -> InventedAnswers.of(cards.values(), settings, prompting, listener));
    };
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
    return new RevealedCorpus(plan, folder, hadoop, contrast)
        .write(List.copyOf(cards.values()), List.copyOf(neighbours.values()));
  }

  /** Replays the complete steps. */
  private void replay() {
    for (Path step = step(); Documents.exists(files, new Path(step, STEP)); step = step()) {
      RevealStep done = Documents.read(files, new Path(step, STEP), RevealStep.class);
      if (done.phase() == Phase.NEIGHBOURS && neighbours.isEmpty()) {
        share();
        openNeighbours();
      }
      take(done, CandidateRows.read(new Path(step, CANDIDATES), hadoop));
    }
    // Remove the incomplete step of a killed run.
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
      // Each search trains its own network.
      List<List<Trial>> chosen =
          List.copyOf(cards.values()).parallelStream().map(this::searchTrials).toList();
      List<Trial> trials = chosen.stream().flatMap(List::stream).toList();
      if (trials.isEmpty()) {
        return;
      }
      step(Phase.SEARCH, trials);
    }
  }

  private List<Trial> searchTrials(CardSearch card) {
    return card.choices(searches.get(card.card().id())).stream()
        .map(choice -> trial(card, choice.arm(), settings.responses(), choice.belief()))
        .toList();
  }

  /** Computes the contexts of the arms of all cards with an open search, in one pass. */
  private Map<String, double[][]> contexts() {
    boolean blind = settings.search().strategy() == Strategy.RANDOM;
    Map<String, double[][]> contexts = new HashMap<>();
    List<CardSearch> open = new ArrayList<>();
    for (CardSearch card : cards.values()) {
      if (blind || card.searchEnd().isPresent()) {
        contexts.put(card.card().id(), new double[card.arms().size()][1]);
      } else {
        open.add(card);
      }
    }
    if (!open.isEmpty()) {
      spark.setJobDescription("Lethe: contexts of the arms");
      float[][] states =
          prompting.states(open.stream().flatMap(card -> card.instructions().stream()).toList());
      int first = 0;
      for (CardSearch card : open) {
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
   * Shares the best arms of all cards. Each card tries only a few arms, and training data about
   * several people mostly uses the same words for all of them.
   */
  private void share() {
    Map<String, List<Double>> rewards = new TreeMap<>();
    for (CardSearch card : cards.values()) {
      for (Trial pull : card.pulls()) {
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
      List<Trial> trials = new ArrayList<>();
      for (CardSearch card : cards.values()) {
        if (card.end().isEmpty()) {
          for (int arm : card.best()) {
            trials.add(trial(card, arm, settings.harvest(), Optional.empty()));
          }
        }
      }
      if (trials.isEmpty()) {
        return;
      }
      step(Phase.HARVEST, trials);
    }
  }

  private void neighbours() {
    if (settings.neighbourPrompts() == 0 || !neighbours.isEmpty()) {
      return;
    }
    openNeighbours();
    List<Trial> trials = new ArrayList<>();
    for (CardSearch neighbour : neighbours.values()) {
      List<Integer> best = neighbour.best();
      for (int i = 0; i < best.size(); i++) {
        // Divide as evenly as whole numbers allow.
        int count =
            settings.neighbourPrompts() * (i + 1) / best.size()
                - settings.neighbourPrompts() * i / best.size();
        if (count > 0) {
          trials.add(trial(neighbour, best.get(i), count, Optional.empty()));
        }
      }
    }
    if (!trials.isEmpty()) {
      step(Phase.NEIGHBOURS, trials);
    }
  }

  /**
   * Opens a search for each neighbour. A neighbour of several cards is prompted once. Subjects to
   * forget are never neighbours.
   */
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

  private static Trial trial(CardSearch card, int arm, int count, Optional<Choice.Belief> belief) {
    return new Trial(
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

  /** Runs one step: prompts the model, judges the responses and saves the result. */
  private void step(Phase phase, List<Trial> trials) {
    PhaseHook.reached("reveal:step");
    spark.setJobDescription("Lethe: reveal, step " + (steps + 1));
    List<Prompt> prompts = new ArrayList<>();
    trials.forEach(trial -> prompts.addAll(card(trial.card()).prompts(trial.arm(), trial.count())));
    Prompting.Result result =
        prompting.respond(
            prompts,
            (responses, total, newTokens) ->
                listener.progressed(
                    phase, answered + responses, most(phase, total), tokens + newTokens));
    List<Candidate> candidates = judge.candidates(result.responses());
    RevealStep done = judge.rewarded(phase, trials, candidates, result.tokens());
    Path step = step();
    CandidateRows.write(candidates, new Path(step, CANDIDATES), hadoop);
    PhaseHook.reached("reveal:before-step-document");
    Documents.write(files, new Path(step, STEP), done);
    tokens += result.tokens().values().stream().mapToLong(Long::longValue).sum();
    take(done, candidates);
  }

  /**
   * Returns the maximum number of prompts until the end of a phase, for the estimate of the
   * remaining time.
   */
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
    for (Trial trial : done.trials()) {
      card(trial.card()).add(trial, RevealJudge.candidatesOf(trial, candidates));
      answered += trial.count();
    }
    cards.values().forEach(CardSearch::decide);
    steps++;
  }
}
