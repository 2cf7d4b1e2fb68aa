package org.lethe.run;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code record.json}: what was done and what was measured. It is a record of erasure work and
 * evidence; it certifies nothing, since no test can show that every trace is gone.
 *
 * @param format version of this document
 * @param statement what this document is, in one sentence
 * @param runId the run
 * @param requestId the erasure request, or empty
 * @param created when, ISO 8601
 * @param decision what became of the model
 * @param modelPath where it lies, relative to the run directory
 * @param inputModel SHA-256 of every file of the model that was given, by name
 * @param outputModel SHA-256 of every file of the model that was made, by name
 * @param data SHA-256 of the corpora by URI, and of the shards by path
 * @param counts numbers of rows by what became of them
 * @param code SHA-256 of the program and versions of what it computed with
 * @param configurationDigest SHA-256 of {@code configuration}
 * @param configuration every key with its value, secrets masked
 * @param before figures of the model that was given, by dotted name
 * @param after figures of the model that was made
 * @param gates how each was decided
 * @param examples rows by id with their figures, never their text
 * @param limits what the figures do not show
 * @param requests a line for each request of a run that answered several; else empty
 */
public record ErasureRecord(
    int format,
    String statement,
    String runId,
    String requestId,
    String created,
    Decision decision,
    String modelPath,
    SortedMap<String, String> inputModel,
    SortedMap<String, String> outputModel,
    SortedMap<String, String> data,
    SortedMap<String, Long> counts,
    SortedMap<String, String> code,
    String configurationDigest,
    SortedMap<String, String> configuration,
    SortedMap<String, Double> before,
    SortedMap<String, Double> after,
    List<Gate.Outcome> gates,
    List<ExampleRow> examples,
    List<String> limits,
    List<RequestLine> requests) {

  public static final int FORMAT = 1;

  public static final String STATEMENT =
      "A record of erasure work and of the evidence measured on it; not a certificate of erasure.";

  /** What no evaluation of this kind can show; printed in every record. */
  public static final List<String> LIMITS =
      List.of(
          "The figures hold for the rows that were evaluated and for greedy decoding; other prompts"
              + " may recover more.",
          "Relearning, quantisation and jailbreaks were not tried unless a figure names them.",
          "Models derived from the input model elsewhere are not covered.");

  /** What became of the model. */
  public enum Decision {
    /** Every gate held. */
    RELEASED,
    /** A gate refused it; it is kept aside. */
    REFUSED
  }

  /**
   * One row before and after.
   *
   * @param id the row id
   * @param set forget or retain
   * @param before figures by metric
   * @param after figures by metric
   */
  public record ExampleRow(
      String id, String set, SortedMap<String, Double> before, SortedMap<String, Double> after) {
    public ExampleRow {
      before = sorted(before);
      after = sorted(after);
    }
  }

  /**
   * One of several requests.
   *
   * @param id of the request
   * @param decision on the model that it led to
   * @param record its own record, relative to the run directory
   * @param modelPath where that model lies, relative to the run directory
   * @param gates how each was decided
   * @param before figures of the model with which the request began
   * @param after figures of the model that it led to
   * @param later figures of its forget set after each later request, in their order
   */
  public record RequestLine(
      String id,
      Decision decision,
      String record,
      String modelPath,
      List<Gate.Outcome> gates,
      SortedMap<String, Double> before,
      SortedMap<String, Double> after,
      List<Later> later) {
    public RequestLine {
      gates = List.copyOf(gates);
      before = sorted(before);
      after = sorted(after);
      later = List.copyOf(later);
    }
  }

  /**
   * A forget set after a later request.
   *
   * @param request the later one
   * @param figures of the model that it led to
   */
  public record Later(String request, SortedMap<String, Double> figures) {
    public Later {
      figures = sorted(figures);
    }
  }

  public ErasureRecord {
    inputModel = sorted(inputModel);
    outputModel = sorted(outputModel);
    data = sorted(data);
    counts = sorted(counts);
    code = sorted(code);
    configuration = sorted(configuration);
    before = sorted(before);
    after = sorted(after);
    gates = List.copyOf(gates);
    examples = List.copyOf(examples);
    limits = List.copyOf(limits);
    // A record that an older version wrote has none.
    requests = requests == null ? List.of() : List.copyOf(requests);
  }

  private static <V> SortedMap<String, V> sorted(SortedMap<String, V> entries) {
    return Collections.unmodifiableSortedMap(
        entries == null ? new TreeMap<>() : new TreeMap<>(entries));
  }
}
