package org.lethe.jobs.command;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.audit.RunVerification;
import org.lethe.compute.selection.BackendSettings;
import org.lethe.compute.selection.Backends;
import org.lethe.error.ExitClass;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.console.Logs;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.ModelVerification;
import org.lethe.jobs.stage.Versions;
import org.lethe.report.ShownDocuments;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunDocument;
import org.lethe.run.evidence.Attestations;
import org.lethe.run.evidence.Keys;
import org.lethe.tensor.NativeBackend;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies the record of a run from its files, as an auditor would. Writes nothing. */
@Command(
    name = "verify",
    description = {
      "Verifies the record of a run or of a copy of its directory: all digests, figures, intervals,"
          + " counts, gates and the decision. Names the first difference."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final String PROGRAM = "program";

  @Parameters(paramLabel = "RUN_DIR", description = "The run directory: a path or a URI.")
  private String runDirectory = "";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Public key (PEM, Ed25519 or EC P-256) that must have signed the record.")
  private String key = "";

  @Option(
      names = "--model",
      description =
          "Also compute rows of a sample again from the models, with the recorded settings.")
  private boolean model;

  @Option(
      names = "--base-model",
      paramLabel = "DIR",
      description = "The given model of the run, if it is no longer where the run found it.")
  private String baseModel = "";

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "With --model: least number of rows of each evaluation (default: ${DEFAULT-VALUE}). Whole"
              + " batches are computed.")
  private long rows;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "With --model: seed of the sample (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() {
    Terminal terminal = Terminal.ofProcess();
    try {
      Logs.begin();
      Configuration hadoop = new Configuration();
      RunDirectory directory = RunDirectory.at(Uris.of(runDirectory).toString(), hadoop);
      List<String> lines = new ArrayList<>(RunVerification.verify(directory, hadoop));
      Attestations attestations = new Attestations(directory);
      if (!key.isEmpty()) {
        attestations.verify(Keys.verifier(key));
      }
      if (model) {
        lines.addAll(computedAgain(terminal));
      }
      lines.add(documents(directory));
      lines.forEach(terminal::line);
      terminal.line("signature  " + signature(attestations));
      terminal.line("verified: everything is as recorded");
      return ExitClass.SUCCESS.status();
    } catch (RuntimeException e) {
      Failure failure = Failure.of(e, Logs.current().where(), Versions.inOneLine());
      terminal.err().println(failure.exitClass() + ": " + failure.message());
      return failure.exitClass().status();
    }
  }

  /** The report and the model card, which another version would have worded differently. */
  private static String documents(RunDirectory directory) {
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    if (!Versions.code().get(PROGRAM).equals(record.code().get(PROGRAM))) {
      return "documents  report and model card not compared; another version of Lethe wrote them";
    }
    ShownDocuments.check(directory);
    return "documents  report and model card follow from the record";
  }

  private List<String> computedAgain(Terminal terminal) {
    NativeBackend backend = Backends.decide(BackendSettings.DEFAULT, DataType.FLOAT, 0).library();
    boolean exists = SparkSession.getDefaultSession().isDefined();
    SparkSession session = SparkSessions.open("lethe verify", "embedded", 1, Map.of());
    try {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
      RunDirectory directory =
          RunDirectory.at(Uris.of(runDirectory).toString(), context.hadoopConfiguration());
      RunDocument document =
          Documents.read(directory.fileSystem(), directory.runDocument(), RunDocument.class);
      JobContext job =
          new JobContext(
              terminal,
              org.lethe.jobs.config.Configuration.load(List.of(), List.of()),
              directory,
              document.runId(),
              document.requestId(),
              session,
              context,
              backend,
              Instant.now());
      return new ModelVerification(job, given(), rows, seed).run();
    } finally {
      if (!exists) {
        session.stop();
      }
    }
  }

  private Optional<URI> given() {
    return baseModel.isEmpty() ? Optional.empty() : Optional.of(Uris.of(baseModel));
  }

  private String signature(Attestations attestations) {
    if (!key.isEmpty()) {
      return "valid for the given key";
    }
    return attestations.exist()
        ? "not checked; give the public key with --key"
        : "none: this run is unsigned, so a consistent forgery of all files would pass";
  }
}
