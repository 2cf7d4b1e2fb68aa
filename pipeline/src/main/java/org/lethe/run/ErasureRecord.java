package org.lethe.run;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code record.json}: the work that was done and the figures that were measured. It records
 * erasure work and evidence. It certifies nothing, because no test can show that every trace is
 * gone.
 *
 * @param format version of this document
 * @param statement one sentence that says what this document is
 * @param runId the run
 * @param requestId the erasure request, or empty
 * @param created time of creation, ISO 8601
 * @param decision whether the model was released
 * @param modelPath location of the model, relative to the run directory
 * @param inputModel SHA-256 of every file of the input model, by name
 * @param outputModel SHA-256 of every file of the output model, by name
 * @param data SHA-256 of the corpora by URI, and of the shards by path
 * @param counts numbers of rows by outcome
 * @param code SHA-256 of the program, and versions of its libraries
 * @param configurationDigest SHA-256 of {@code configuration}
 * @param configuration every key with its value, secrets masked
 * @param before figures of the input model, by dotted name
 * @param after figures of the output model
 * @param notMeasured reason for each figure without a value, by {@code before.} or {@code after.}
 *     and its name
 * @param gates the decision of each gate
 * @param examples rows by id with their figures, never their text
 * @param limits what the figures do not show
 * @param requests one entry for each request, if the run processed several; otherwise empty
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
    SortedMap<String, String> notMeasured,
    List<Gate.Outcome> gates,
    List<ExampleRow> examples,
    List<String> limits,
    List<RequestLine> requests) {

  public static final int FORMAT = 1;

  public static final String STATEMENT =
      "A record of erasure work and of the evidence measured on it; not a certificate of erasure.";

  /** Limits of any evaluation of this kind. Every record contains them. */
  public static final List<String> LIMITS =
      List.of(
          "The figures hold for the rows that were evaluated and for greedy decoding; other prompts"
              + " may recover more.",
          "Relearning, quantisation and jailbreaks were not tried unless a figure names them.",
          "Models derived from the input model elsewhere are not covered.");

  /** Whether the model was released. */
  public enum Decision {
    /** Every gate passed. */
    RELEASED,
    /** A gate refused the model; it is kept in a separate folder. */
    REFUSED
  }

  /**
   * One row before and after unlearning.
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
   * @param id id of the request
   * @param decision whether its model was released
   * @param record the request's own record, relative to the run directory
   * @param modelPath location of its model, relative to the run directory
   * @param gates the decision of each gate
   * @param before figures of the model before the request
   * @param after figures of the model after the request
   * @param later figures of the request's forget set after each later request, in order
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
   * Figures of a forget set after a later request.
   *
   * @param request the later request
   * @param figures figures of the model after it
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
    notMeasured = sorted(notMeasured);
    gates = List.copyOf(gates);
    examples = List.copyOf(examples);
    limits = List.copyOf(limits);
    // Records of older versions have no requests.
    requests = requests == null ? List.of() : List.copyOf(requests);
  }

  private static <V> SortedMap<String, V> sorted(SortedMap<String, V> entries) {
    return Collections.unmodifiableSortedMap(
        entries == null ? new TreeMap<>() : new TreeMap<>(entries));
  }
}
