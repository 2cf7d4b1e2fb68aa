package org.lethe.error;

import java.util.List;

/**
 * Failures of reveal. Messages contain places within documents and ids, never names of people,
 * prompts or answers.
 */
public final class RevealErrors {
  private RevealErrors() {}

  /** All problems of a topic card document or a prompt pool, at once. */
  public static LetheException problems(String what, String where, List<String> problems) {
    if (problems.size() == 1) {
      return ExitClass.INPUT.failure("Invalid %s %s: %s", what, where, problems.get(0));
    }
    return ExitClass.INPUT.failure(
        "Invalid %s %s, %d problems: %s. Correct all of them",
        what, where, problems.size(), String.join("; ", problems));
  }

  public static LetheException notJson(String what, String where, String place) {
    return ExitClass.INPUT.failure(
        "Cannot read %s %s: it is not JSON in UTF-8 %s, expected one object; see data-schemas",
        what, where, place);
  }

  /** The other run of a comparison has no reveal stage. */
  public static LetheException nothingRevealedBy(String run) {
    return ExitClass.INPUT.failure(
        "No revealed/report.json in %s, expected the directory of a run with a reveal stage;"
            + " correct lethe.reveal.compare",
        run);
  }

  /** The other run of a comparison used different topic cards. */
  public static LetheException otherCards(String run, int found, int expected) {
    return ExitClass.INPUT.failure(
        "Other topic cards in %s: found %d, expected the %d of this run; correct"
            + " lethe.reveal.compare",
        run, found, expected);
  }

  /** No template of the pool can be filled for a card. */
  public static LetheException noArms(String card, String kind) {
    return ExitClass.INPUT.failure(
        "No prompts for topic card %s: the card has no attributes, and every template for a model"
            + " of kind %s needs some; add attributes or templates",
        card, kind);
  }

  /** A card uses the named entity oracle, and no model is configured for it. */
  public static LetheException noEntityModel() {
    return ExitClass.USAGE.failure(
        "No model for the oracle 'entities': Lethe ships none, expected an OpenNLP name finder"
            + " model in lethe.reveal.oracles.entity-model; configure one, or choose an external"
            + " scorer");
  }

  public static LetheException badEntityModel(String reason) {
    return ExitClass.INPUT.failure(
        "Invalid name finder model: %s, expected an OpenNLP TokenNameFinder model; set"
            + " lethe.reveal.oracles.entity-model to another file",
        reason);
  }

  /** A card names an entity type that the name finder model does not know. */
  public static LetheException unknownEntityType(String type, List<String> known) {
    return ExitClass.INPUT.failure(
        "Unknown entity type: %s, expected one of %s, the types of the name finder model; correct"
            + " the topic card or use another model",
        type, String.join(", ", known));
  }

  /** A card names a scorer that is not configured. */
  public static LetheException unknownScorer(String name, List<String> known) {
    return ExitClass.USAGE.failure(
        "Unknown external scorer: %s, expected one of [%s]; configure it in"
            + " lethe.reveal.oracles.scorers",
        name, String.join(", ", known));
  }

  /** The address of a scorer is not on this machine. */
  public static LetheException notLoopback(String reason) {
    return ExitClass.USAGE.failure(
        "Refused address of an external scorer: %s, expected http:// with localhost, 127.0.0.1 or"
            + " [::1]; the scored texts are personal data and must not leave this machine",
        reason);
  }

  /** A scorer failed or returned an invalid answer. The message does not quote the answer. */
  public static LetheException scorerFailed(String name, String problem) {
    return ExitClass.PLATFORM.failure(
        "External scorer %s %s, expected one score from 0 to 1 for each text; see"
            + " pipeline/REVEAL.md for the request and the answer",
        name, problem);
  }

  public static LetheException emptyLexicon() {
    return ExitClass.INPUT.failure(
        "Empty lexicon for the oracle 'toxicity': expected one word or phrase per line; fill the"
            + " file or remove lethe.reveal.oracles.lexicon");
  }

  /** The model returned NaN or infinity for a statement. */
  public static LetheException notFinite(String responseId, double value) {
    return ExitClass.DIVERGED.failure(
        "The knowledge contrast of response %s is %s, expected a finite number; the model's weights"
            + " have diverged, reveal from an earlier iteration",
        responseId, value);
  }
}
