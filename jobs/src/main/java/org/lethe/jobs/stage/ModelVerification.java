package org.lethe.jobs.stage;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.audit.DeletedFiles;
import org.lethe.audit.Difference;
import org.lethe.audit.SampleCheck;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.EvaluationDecoderSource;
import org.lethe.cluster.evaluation.EvaluationRequest;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.cluster.evaluation.SampledEvaluation;
import org.lethe.error.EvidenceErrors;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.Uris;
import org.lethe.model.Adapter;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.Gate;
import org.lethe.run.RunDirectory;
import org.lethe.store.FileSystems;

/**
 * Computes a sample of the rows of a run again, from its shards and its models, with the recorded
 * configuration. Works on a copy of a run directory: paths inside the original one are those of the
 * copy.
 */
public final class ModelVerification {
  private static final String MODEL = "lethe.model.path";
  private static final String RUN = "lethe.run-dir";

  /** A sampled evaluation writes nothing, so that its folder does not matter. */
  private static final String NOT_WRITTEN = "";

  private final JobContext job;
  private final Optional<URI> given;
  private final long rows;
  private final long seed;

  /**
   * @param job with the run directory
   * @param given the given model, if it is not where the run found it
   * @param rows least number of rows of each evaluation, if there are as many
   * @param seed of the sample
   */
  public ModelVerification(JobContext job, Optional<URI> given, long rows, long seed) {
    this.job = job;
    this.given = given;
    this.rows = rows;
    this.seed = seed;
  }

  /**
   * Verifies rows of all evaluations.
   *
   * @return what was verified, one line each
   * @throws org.lethe.error.LetheException EVIDENCE at the first difference
   */
  public List<String> run() {
    ErasureRecord record = record(job.directory());
    if (record.requests().isEmpty()) {
      return evaluations(job, record);
    }
    List<String> lines = new ArrayList<>();
    for (ErasureRecord.RequestLine line : record.requests()) {
      RunDirectory own = job.directory().nested(RequestSequence.FOLDER).nested(line.id());
      lines.addAll(evaluations(job.in(own), record(own)));
    }
    return lines;
  }

  private static ErasureRecord record(RunDirectory directory) {
    return Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
  }

  private List<String> evaluations(JobContext run, ErasureRecord record) {
    JobContext own = run.with(configuration(record));
    RunPlan plan = plan(own.configuration());
    RunArtifacts artifacts = artifacts(own, plan, record);
    Difference.requireMaps(
        "record.json",
        "evidence.base_model",
        record.evidence().baseModel(),
        artifacts.givenModelFiles());
    List<String> lines = new ArrayList<>();
    for (String when : List.of("before", "after")) {
      boolean before = when.equals("before");
      PretrainedDecoder model =
          before ? artifacts.inputSource(Adapter.frozen()) : artifacts.candidateSource();
      URI tokenizer = before ? artifacts.inputModel() : artifacts.candidateBase();
      EvaluationDecoderSource source =
          new EvaluationDecoderSource(model, tokenizer.toString(), plan.model().cache());
      EvaluationSettings settings = plan.evaluate().orElseThrow().settings();
      lines.add(
          check(
              own, record, when, request(artifacts.evaluationShards().files(), source, settings)));
      if (record.evidence().folders().containsKey(Gate.UNSEEN + when)) {
        lines.add(
            check(
                own,
                record,
                Gate.UNSEEN + when,
                request(artifacts.unseenFiles(), source, settings)));
      }
    }
    return lines;
  }

  private static EvaluationRequest request(
      Map<String, List<String>> shards,
      EvaluationDecoderSource source,
      EvaluationSettings settings) {
    return new EvaluationRequest(shards, source, settings, NOT_WRITTEN, 1);
  }

  private String check(
      JobContext own, ErasureRecord record, String when, EvaluationRequest request) {
    RunDirectory directory = own.directory();
    String folder = record.evidence().folders().getOrDefault(when, "evaluation/" + when);
    String file = folder + "/" + EvaluationStage.ROWS;
    Path path = directory.below(file);
    if (new DeletedFiles(directory, record).contains(file)) {
      return line(when, "nothing computed again; retention deleted the rows");
    }
    Configuration hadoop = own.spark().hadoopConfiguration();
    SampledEvaluation sample = SampledEvaluation.of(request, rows, seed, hadoop);
    boolean sameKernel =
        own.backend().arithmetic().equals(record.code().getOrDefault("kernel", ""));
    return line(
        when,
        new SampleCheck(file, sameKernel).compare(path, sample.planned(), sample.rows(), hadoop));
  }

  private static String line(String when, String what) {
    return String.format(Locale.ROOT, "%-10s %s: %s", "model", when, what);
  }

  /** The recorded configuration with the paths of this copy, without the settings of Spark. */
  private org.lethe.jobs.config.Configuration configuration(ErasureRecord record) {
    SortedMap<String, String> recorded = new TreeMap<>(record.configuration());
    recorded.put(MODEL, model(recorded).toString());
    recorded.put(RUN, job.directory().root().toString());
    List<String> overrides = new ArrayList<>();
    recorded.forEach(
        (key, value) -> {
          if (!key.startsWith("lethe.spark.") && !key.equals("lethe.requests")) {
            overrides.add(key + "=" + value);
          }
        });
    return org.lethe.jobs.config.Configuration.load(List.of(), overrides);
  }

  /** The given model: in this copy if it was in the run, else as named by the user or recorded. */
  private URI model(SortedMap<String, String> recorded) {
    URI model = Uris.of(recorded.getOrDefault(MODEL, ""));
    String run = Uris.of(recorded.getOrDefault(RUN, "")) + "/";
    URI found =
        model.toString().startsWith(run)
            ? job.directory().below(model.toString().substring(run.length())).toUri()
            : given.orElse(model);
    try {
      Path path = new Path(found);
      if (FileSystems.of(path, job.spark().hadoopConfiguration()).exists(path)) {
        return found;
      }
    } catch (IOException e) {
      throw EvidenceErrors.noGivenModel(found.toString(), e.getClass().getSimpleName());
    }
    throw EvidenceErrors.noGivenModel(found.toString(), "it does not exist");
  }

  private static RunPlan plan(org.lethe.jobs.config.Configuration configuration) {
    ConfigurationReader reader = configuration.reader();
    RunPlan plan = RunPlan.read(reader, List.of(Stage.EVALUATE));
    reader.done();
    return plan;
  }

  /** The parts of the run, which lie in iterations if it has any. */
  private static RunArtifacts artifacts(JobContext own, RunPlan plan, ErasureRecord record) {
    SortedMap<String, String> folders = record.evidence().folders();
    RunDirectory directory = own.directory();
    Path shards = directory.below(folders.getOrDefault("shards", "shards"));
    Path before = directory.below(folders.getOrDefault("before", "evaluation/before"));
    Path candidate = directory.below(folders.getOrDefault("candidate", "candidate"));
    return new RunArtifacts(
        own,
        plan,
        RunDirectory.at(shards.getParent(), directory.fileSystem()),
        RunDirectory.at(before.getParent().getParent(), directory.fileSystem()),
        RunDirectory.at(candidate.getParent(), directory.fileSystem()));
  }
}
