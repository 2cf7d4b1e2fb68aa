package org.lethe.jobs.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.evaluation.EvaluationSettings.Generation;
import org.lethe.evaluation.attack.AttackSettings;
import org.lethe.evaluation.attack.AttackSettings.Teaching;
import org.lethe.evaluation.attack.Attacks;
import org.lethe.model.Adapter;

/** Binds lethe.evaluate. */
final class EvaluationBinding {
  private static final String SECTION = "lethe.evaluate";
  private static final String ON_REQUEST = "lethe.attack";
  private static final Choices<Generation> GENERATIONS = Choices.of(Generation.class);

  private EvaluationBinding() {}

  static Optional<EvaluatePlan> read(ConfigurationReader reader) {
    Section section = new Section(reader, SECTION);
    int margin = section.integer("answer-margin", 0, 1 << 20);
    int limit = section.integer("limit", 0, Integer.MAX_VALUE);
    return reader
        .make(
            SECTION,
            () ->
                new EvaluationSettings(
                    section.integer("batch-size", 1, 1 << 20),
                    section.choice("generation", GENERATIONS),
                    section.integer("max-new-tokens", 1, 1 << 20),
                    margin == 0 ? EvaluationSettings.NO_ANSWER_LIMIT : margin,
                    limit == 0 ? EvaluationSettings.ALL_ROWS : limit,
                    section.seed("seed")))
        .flatMap(
            settings ->
                attacks(reader)
                    .map(
                        attacks ->
                            new EvaluatePlan(
                                settings, workers(reader), candidate(reader), attacks)));
  }

  /** Binds lethe.evaluate.attacks. */
  static Optional<AttackSettings> attacks(ConfigurationReader reader) {
    String name = SECTION + ".attacks";
    Section section = new Section(reader, name);
    List<String> chosen = section.texts("try");
    if (!Attacks.KEYS.containsAll(chosen)) {
      section.problem("try", "some of " + String.join(", ", Attacks.KEYS));
      return Optional.empty();
    }
    Section sampled = section.below("sampled");
    return reader.make(
        name,
        () ->
            new AttackSettings(
                chosen,
                section.integer("rows", 1, 1 << 20),
                section.number("most-share", 0.001, 0.9),
                new AttackSettings.Prompts(
                    section.texts("prefixes"),
                    section.texts("openings"),
                    section.integer("shots", 1, 100)),
                new AttackSettings.Sampled(
                    sampled.integer("answers", 1, 1000), sampled.positive("temperature")),
                Teaching.DEFAULT,
                section.integer("rounding-group", 1, 1 << 20),
                section.number("reference-area", 0.01, 1),
                new AttackSettings.Files(
                    uri(reader, name + ".paraphrases"), uri(reader, name + ".neutral-texts"), ""),
                reader.wholeNumber(SECTION + ".seed", Long.MIN_VALUE, Long.MAX_VALUE)));
  }

  /** Binds lethe.attack. */
  static Optional<RunPlan.Attack> onRequest(ConfigurationReader reader) {
    Section section = new Section(reader, ON_REQUEST);
    List<String> chosen = section.texts("try");
    if (!Attacks.REQUESTED.containsAll(chosen)) {
      section.problem("try", "some of " + String.join(", ", Attacks.REQUESTED));
      return Optional.empty();
    }
    Section relearn = section.below("relearn");
    Optional<URI> retrained = reader.text(ON_REQUEST + ".retrained").map(Uris::of);
    return attacks(reader)
        .flatMap(
            settings ->
                reader.make(
                    ON_REQUEST,
                    () ->
                        new RunPlan.Attack(
                            settings.onRequest(
                                chosen,
                                section.integer("rows", 1, 1 << 20),
                                teaching(relearn),
                                uri(reader, ON_REQUEST + ".entities")),
                            retrained)));
  }

  private static Teaching teaching(Section relearn) {
    return new Teaching(
        relearn.number("share", 0.01, 0.99),
        relearn.integer("rows", 1, 1_000_000),
        relearn.integer("epochs", 1, 1000),
        relearn.positive("learning-rate"),
        relearn.integer("batch-size", 1, 1 << 20),
        relearn.integer("micro-batch-size", 1, 1 << 20));
  }

  private static String uri(ConfigurationReader reader, String key) {
    return reader.text(key).map(text -> Uris.of(text).toString()).orElse("");
  }

  /**
   * The candidate is what is released: merged factors are whole weights, rounded as in its files.
   */
  private static Adapter candidate(ConfigurationReader reader) {
    return UnlearnPlan.LoraRelease.read(reader) == UnlearnPlan.LoraRelease.MERGED
        ? Adapter.full()
        : AdapterBinding.read(reader);
  }

  /** Spark tasks that evaluate at the same time. */
  static int workers(ConfigurationReader reader) {
    return reader.integer(SECTION + ".workers", 1, 100_000);
  }
}
