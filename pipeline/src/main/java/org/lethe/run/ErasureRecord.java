package org.lethe.run;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
 * @param accountability legal basis, means of extraction, and copies that remain
 * @param unlearning how the settings of the unlearning were chosen, and why it ended
 * @param evidence files and details that the record rests on
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
    Accountability accountability,
    UnlearningEnd unlearning,
    Evidence evidence,
    List<RequestLine> requests) {

  /**
   * Version of this document. Since version 2, limits, copies and the end of the unlearning follow
   * from the run to the word. Raise it when a list or a sentence of them changes.
   */
  public static final int FORMAT = 2;

  public static final String STATEMENT =
      "A record of erasure work and of the evidence measured on it; not a certificate of erasure.";

  /** Limits of any evaluation of this kind. Every record contains them. */
  public static final List<String> LIMITS =
      List.of(
          "The figures hold for the rows that were evaluated; other prompts may recover more.",
          "Models derived from the input model elsewhere are not covered.");

  /**
   * What the record rests on. Every file is named by its SHA-256, so a change of any of them shows.
   *
   * @param started start time of the command that decided, ISO 8601
   * @param folders folders relative to the run directory: before, after, candidate, shards
   * @param baseModel SHA-256 of every file of the given model, before finetune if that ran
   * @param intervals 95 % interval and number of rows of each figure, by {@code before.} or {@code
   *     after.} and its name
   * @param files SHA-256 by path relative to the run directory: rows, summaries, manifests,
   *     metrics, run.json
   * @param deleted files with text that retention deleted, in records of older versions; newer runs
   *     have a deletion.json instead
   * @param previous the record of the decision before this one
   */
  public record Evidence(
      String started,
      SortedMap<String, String> folders,
      SortedMap<String, String> baseModel,
      SortedMap<String, Interval> intervals,
      SortedMap<String, String> files,
      List<String> deleted,
      Optional<Previous> previous) {
    /** The evidence of a record that names none. */
    public static final Evidence NONE =
        new Evidence(
            "",
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(),
            Optional.empty());

    public Evidence {
      folders = sorted(folders);
      baseModel = sorted(baseModel);
      intervals = sorted(intervals);
      files = sorted(files);
      deleted = deleted == null ? List.of() : List.copyOf(deleted);
      previous = previous == null ? Optional.empty() : previous;
    }

    /** Returns the same evidence after another record. */
    public Evidence after(Optional<Previous> other) {
      return new Evidence(started, folders, baseModel, intervals, files, deleted, other);
    }
  }

  /**
   * Interval of a figure.
   *
   * @param low lower bound
   * @param high upper bound
   * @param count number of rows
   */
  public record Interval(double low, double high, long count) {}

  /**
   * An earlier record.
   *
   * @param file its path relative to the run directory
   * @param sha256 digest of its bytes
   */
  public record Previous(String file, String sha256) {}

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
    accountability = accountability == null ? Accountability.NONE : accountability;
    unlearning = unlearning == null ? UnlearningEnd.NONE : unlearning;
    evidence = evidence == null ? Evidence.NONE : evidence; // Records of older versions.
    // Records of older versions have no requests.
    requests = requests == null ? List.of() : List.copyOf(requests);
  }

  /** Returns the same record with other evidence. */
  public ErasureRecord with(Evidence other) {
    return copy(created, outputModel, other);
  }

  /** Returns the same record with another time of creation. */
  public ErasureRecord at(String time) {
    return copy(time, outputModel, evidence);
  }

  /** Returns the same record with other files of the output model. */
  public ErasureRecord withOutputModel(SortedMap<String, String> files) {
    return copy(created, files, evidence);
  }

  private ErasureRecord copy(
      String time, SortedMap<String, String> outputFiles, Evidence otherEvidence) {
    return new ErasureRecord(
        format,
        statement,
        runId,
        requestId,
        time,
        decision,
        modelPath,
        inputModel,
        outputFiles,
        data,
        counts,
        code,
        configurationDigest,
        configuration,
        before,
        after,
        notMeasured,
        gates,
        examples,
        limits,
        accountability,
        unlearning,
        otherEvidence,
        requests);
  }

  private static <V> SortedMap<String, V> sorted(SortedMap<String, V> entries) {
    return Collections.unmodifiableSortedMap(
        entries == null ? new TreeMap<>() : new TreeMap<>(entries));
  }
}
