package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lethe.error.EvaluationErrors;

/** The list of attacks. Register new ones here. */
public final class Attacks {
  private static final Map<String, Function<AttackSettings, Attack>> IN_EVERY_RUN = inEveryRun();
  private static final Map<String, Function<AttackSettings, Attack>> ON_REQUEST = onRequest();

  /** Keys of the attacks of every run, in the order in which they are tried and shown. */
  public static final List<String> KEYS = List.copyOf(IN_EVERY_RUN.keySet());

  /** Keys of the attacks on request, which cost more. */
  public static final List<String> REQUESTED = List.copyOf(ON_REQUEST.keySet());

  /** The attack that needs a retrained model, and tells nothing of the initial model itself. */
  public static final String DEPTH = KnowledgeDepth.KEY;

  /** The attack that compares a model with the one before unlearning. */
  public static final String DIVERGENCE = NeutralDivergence.KEY;

  /**
   * All attacks of every run, on at most 64 rows of each set and with at most 15 % of the run's
   * work.
   */
  public static final AttackSettings DEFAULTS =
      new AttackSettings(
          KEYS,
          64,
          0.15,
          AttackSettings.Prompts.DEFAULT,
          AttackSettings.Sampled.DEFAULT,
          AttackSettings.Teaching.DEFAULT,
          64,
          0.5,
          AttackSettings.Files.NONE,
          42);

  private Attacks() {}

  private static Map<String, Function<AttackSettings, Attack>> inEveryRun() {
    Map<String, Function<AttackSettings, Attack>> all = new LinkedHashMap<>();
    all.put(DirectPrompt.KEY, settings -> new DirectPrompt());
    all.put(ParaphrasedPrompts.KEY, settings -> new ParaphrasedPrompts());
    all.put(PrefixPrompts.KEY, settings -> new PrefixPrompts(settings.prompts()));
    all.put(FewShotPrompt.KEY, settings -> new FewShotPrompt(settings.prompts().shots()));
    all.put(
        SampledAnswers.KEY, settings -> new SampledAnswers(settings.sampled(), settings.seed()));
    for (int bits : new int[] {4, 8}) {
      all.put(
          RoundedWeights.key(bits),
          settings -> new RoundedWeights(new WeightRounding(bits, settings.roundingGroup())));
    }
    all.put(InnerLayers.KEY, settings -> new InnerLayers());
    all.put(MembershipScores.KEY, settings -> new MembershipScores(settings.referenceArea()));
    all.put(NeutralDivergence.KEY, settings -> new NeutralDivergence());
    return Collections.unmodifiableMap(all);
  }

  private static Map<String, Function<AttackSettings, Attack>> onRequest() {
    Map<String, Function<AttackSettings, Attack>> all = new LinkedHashMap<>();
    all.put(ClozeQuestions.KEY, settings -> new ClozeQuestions());
    all.put(Relearning.KEY, settings -> new Relearning(Relearning.KEY, Lesson.Kind.FORGET_ROWS));
    all.put(
        Relearning.OTHER_KEY,
        settings -> new Relearning(Relearning.OTHER_KEY, Lesson.Kind.NEUTRAL_TEXTS));
    all.put(
        KnowledgeDepth.KEY,
        settings ->
            new KnowledgeDepth(
                settings.files().entities().isEmpty()
                    ? KnowledgeDepth.Scope.FULL
                    : KnowledgeDepth.Scope.ENTITY));
    return Collections.unmodifiableMap(all);
  }

  private static Map<String, Function<AttackSettings, Attack>> all() {
    Map<String, Function<AttackSettings, Attack>> all = new LinkedHashMap<>(IN_EVERY_RUN);
    all.putAll(ON_REQUEST);
    return all;
  }

  /**
   * The chosen attacks. The direct prompt is among those of every run, because others compare with
   * it.
   */
  public static List<Attack> of(AttackSettings settings) {
    boolean compared = settings.attacks().stream().anyMatch(IN_EVERY_RUN::containsKey);
    List<Attack> chosen = new ArrayList<>();
    all()
        .forEach(
            (key, attack) -> {
              boolean wanted = settings.attacks().contains(key);
              if (wanted || (key.equals(DirectPrompt.KEY) && compared)) {
                chosen.add(attack.apply(settings));
              }
            });
    return chosen;
  }

  /** The attack with a key, to compute figures of its attempts. */
  static Attack forFigures(String key, double referenceArea) {
    Function<AttackSettings, Attack> attack = all().get(key);
    if (attack == null) {
      throw EvaluationErrors.unreadableSummary("unknown attack " + key);
    }
    return attack.apply(DEFAULTS.withReferenceArea(referenceArea));
  }

  /** Whether a name is that of a figure of an attack. */
  public static boolean isFigure(String name) {
    int at = name.indexOf(Attack.FIGURE);
    if (at < 1) {
      return false;
    }
    String rest = name.substring(at + Attack.FIGURE.length());
    return all().values().stream()
        .map(attack -> attack.apply(DEFAULTS))
        .anyMatch(attack -> rest.matches(attack.key() + "\\.(" + attack.figureNames() + ")"));
  }
}
