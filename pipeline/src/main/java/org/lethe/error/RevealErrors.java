package org.lethe.error;

import java.util.List;

/**
 * Failures of Reveal. Messages name places within documents and ids, never names of people, prompts
 * or answers.
 */
public final class RevealErrors {
  private RevealErrors() {}

  /** All problems of a topic card document or a prompt pool, at once. */
  public static LetheException problems(String what, String where, List<String> problems) {
    String head = "Invalid " + what + " " + where;
    return new LetheException(
        ExitClass.INPUT,
        problems.size() == 1
            ? head + ": " + problems.get(0)
            : head
                + ", "
                + problems.size()
                + " problems: "
                + String.join("; ", problems)
                + ". Correct all of them");
  }

  /** A document is not JSON. */
  public static LetheException notJson(String what, String where, String place) {
    return new LetheException(
        ExitClass.INPUT,
        "Cannot read "
            + what
            + " "
            + where
            + ": it is not JSON in UTF-8 "
            + place
            + ", expected one object; see data-schemas");
  }

  /** A run that is to be compared with did not reveal. */
  public static LetheException nothingRevealedBy(String run) {
    return new LetheException(
        ExitClass.INPUT,
        "No revealed/report.json in "
            + run
            + ", expected the directory of a run that revealed; correct lethe.reveal.compare");
  }

  /** A run that is to be compared with was about something else. */
  public static LetheException otherCards(String run, int found, int expected) {
    return new LetheException(
        ExitClass.INPUT,
        "Other topic cards in "
            + run
            + " ("
            + found
            + " of them), expected the "
            + expected
            + " of this run; correct lethe.reveal.compare");
  }

  /** No arm can be made for a card. */
  public static LetheException noArms(String card, String kind) {
    return new LetheException(
        ExitClass.INPUT,
        "No way to ask about topic card "
            + card
            + ": no template for a model of kind "
            + kind
            + " that needs no attributes, and the card has none; add attributes or templates");
  }

  /** A card asks for named entities and no model is there to find them. */
  public static LetheException noEntityModel() {
    return new LetheException(
        ExitClass.USAGE,
        "No model for the oracle 'entities': none is shipped, expected an OpenNLP name finder model"
            + " in lethe.reveal.oracles.entity-model; give one, or choose an external scorer");
  }

  /** A file is not a name finder model. */
  public static LetheException badEntityModel(String reason) {
    return new LetheException(
        ExitClass.INPUT,
        "Unreadable name finder model: "
            + reason
            + ", expected an OpenNLP TokenNameFinder model; give lethe.reveal.oracles.entity-model"
            + " another file");
  }

  /** A model finds no entities of the type that a card asks for. */
  public static LetheException unknownEntityType(String type, List<String> known) {
    return new LetheException(
        ExitClass.INPUT,
        "Unknown entity type: "
            + type
            + ", expected one of "
            + String.join(", ", known)
            + ", which the name finder model finds; correct the topic card or give another model");
  }

  /** A card names a scorer that the configuration does not have. */
  public static LetheException unknownScorer(String name, List<String> known) {
    return new LetheException(
        ExitClass.USAGE,
        "Unknown external scorer: "
            + name
            + ", expected one of ["
            + String.join(", ", known)
            + "]; set it up in lethe.reveal.oracles.scorers");
  }

  /** An address that is not this machine's own. */
  public static LetheException notLoopback(String reason) {
    return new LetheException(
        ExitClass.USAGE,
        "Refused address of an external scorer: "
            + reason
            + ", expected http:// with localhost, 127.0.0.1 or [::1]; what is scored is personal"
            + " data and does not leave this machine");
  }

  /** A scorer does not answer as it should. Nothing that it said is quoted. */
  public static LetheException scorerFailed(String name, String problem) {
    return new LetheException(
        ExitClass.PLATFORM,
        "External scorer "
            + name
            + " "
            + problem
            + ", expected one score from 0 to 1 for each text; see pipeline/README.md, Reveal, for"
            + " what it is sent and must answer");
  }

  /** A lexicon without words. */
  public static LetheException emptyLexicon() {
    return new LetheException(
        ExitClass.INPUT,
        "Empty lexicon for the oracle 'toxicity': expected one word or phrase a line; fill the file"
            + " or leave lethe.reveal.oracles.lexicon out");
  }

  /** The model gave NaN or infinity for a statement. */
  public static LetheException notFinite(String responseId, double value) {
    return new LetheException(
        ExitClass.DIVERGED,
        "The knowledge contrast of response "
            + responseId
            + " is "
            + value
            + ", expected a finite number; the model's weights have diverged, reveal from an"
            + " earlier iteration");
  }
}
