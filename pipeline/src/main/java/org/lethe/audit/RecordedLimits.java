package org.lethe.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;
import org.lethe.run.Soundness;

/** What the figures of a run do not show, in sentences. */
public final class RecordedLimits {
  /** Attacks by the part of a figure's name that shows that they were tried. */
  private static final Map<String, String> ATTACKS = attacks();

  private static final String SHARE = "lethe.evaluate.attacks.most-share";
  private static final String GENERATION = "lethe.evaluate.generation";
  private static final String NEW_TOKENS = "lethe.evaluate.max-new-tokens";
  private static final String MARGIN = "lethe.evaluate.answer-margin";

  private RecordedLimits() {}

  private static Map<String, String> attacks() {
    Map<String, String> attacks = new LinkedHashMap<>();
    attacks.put(".attack.paraphrase.", "paraphrased prompts");
    attacks.put(".attack.prefix.", "prefixes in front of the prompt");
    attacks.put(".attack.few-shot.", "examples in front of the prompt");
    attacks.put(".attack.sampled.", "sampled answers");
    attacks.put(".attack.quantised-4.", "4-bit weights");
    attacks.put(".attack.quantised-8.", "8-bit weights");
    attacks.put(".attack.logit-lens.", "reading inner layers");
    attacks.put(".attack.membership.", "membership scores against unseen rows");
    attacks.put(".attack.cloze.", "cloze questions");
    attacks.put(".attack.relearn.", "relearning from forget rows");
    attacks.put(".attack.relearn-other.", "relearning from neutral texts");
    attacks.put(".attack.depth.", "the depth of unlearning, against a retrained model");
    return attacks;
  }

  /**
   * Returns the limits of a run.
   *
   * @param directory with the measured share of the time that attacks took, if they were tried
   */
  public static List<String> of(
      RunDirectory directory, SortedMap<String, String> configuration, EvaluationFigures after) {
    List<String> limits = new ArrayList<>(ErasureRecord.LIMITS);
    Soundness.limit(after).ifPresent(limits::add);
    notTried(after).ifPresent(limits::add);
    attackShare(directory)
        .ifPresent(
            share ->
                limits.add(
                    String.format(
                        Locale.ROOT,
                        "Attacks took %.1f %% of the time of the command that tried them; their"
                            + " rows were chosen for a share of %s of its work.",
                        100 * share,
                        configuration.getOrDefault(SHARE, "?"))));
    limits.add(decoding(configuration));
    rows(after).ifPresent(limits::add);
    limits.add(
        "Intervals are 95 % percentile bootstrap intervals over the evaluated rows. They say"
            + " nothing about other rows, and nothing about single rows: a mean can hide one row"
            + " that is still recited.");
    return limits;
  }

  /** Share of the command's time that its attacks took. */
  private static Optional<Double> attackShare(RunDirectory directory) {
    Path file = new Path(directory.metrics(), "attacks-after.json");
    return Documents.exists(directory.fileSystem(), file)
        ? Optional.of(Documents.read(directory.fileSystem(), file).path("share").asDouble())
        : Optional.empty();
  }

  private static Optional<String> notTried(EvaluationFigures after) {
    List<String> missing = new ArrayList<>();
    ATTACKS.forEach(
        (part, words) -> {
          if (after.measured().keySet().stream().noneMatch(name -> name.contains(part))) {
            missing.add(words);
          }
        });
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("Attacks that were not tried: " + String.join(", ", missing) + ".");
  }

  private static String decoding(SortedMap<String, String> configuration) {
    if (!configuration.getOrDefault(GENERATION, "greedy").equals("greedy")) {
      return "No texts were generated; figures are those of teacher forcing.";
    }
    return "Answers are greedy, of at most "
        + configuration.getOrDefault(NEW_TOKENS, "?")
        + " new tokens; for data to keep, at most "
        + configuration.getOrDefault(MARGIN, "?")
        + " tokens longer than the expected answer (0: no such limit).";
  }

  private static Optional<String> rows(EvaluationFigures after) {
    SortedMap<String, Long> bySet = new TreeMap<>();
    after
        .measured()
        .forEach(
            (name, figure) -> {
              if (name.indexOf('.') == name.lastIndexOf('.')) {
                bySet.merge(name.substring(0, name.indexOf('.')), figure.count(), Math::max);
              }
            });
    List<String> parts = new ArrayList<>();
    bySet.forEach((set, count) -> parts.add(count + " of " + set));
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of("Evaluated rows: " + String.join(", ", parts) + ".");
  }
}
