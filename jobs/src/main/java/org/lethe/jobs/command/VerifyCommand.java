package org.lethe.jobs.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.lethe.audit.RunVerification;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.console.Logs;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.stage.Versions;
import org.lethe.run.RunDirectory;
import org.lethe.run.evidence.Attestations;
import org.lethe.run.evidence.Keys;
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
  @Parameters(paramLabel = "RUN_DIR", description = "The run directory: a path or a URI.")
  private String runDirectory = "";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Public key (PEM, Ed25519 or EC P-256) that must have signed the record.")
  private String key = "";

  @Override
  public Integer call() {
    Terminal terminal = Terminal.ofProcess();
    try {
      Logs.begin();
      Configuration hadoop = new Configuration();
      RunDirectory directory = RunDirectory.at(Uris.of(runDirectory).toString(), hadoop);
      List<String> lines = RunVerification.verify(directory, hadoop);
      Attestations attestations = new Attestations(directory);
      if (!key.isEmpty()) {
        attestations.verify(Keys.verifier(key));
      }
      lines.forEach(terminal::line);
      terminal.line("signature  " + signature(attestations));
      terminal.line("verified: everything is as recorded");
      return ExitClass.SUCCESS.status();
    } catch (LetheException e) {
      Failure failure = Failure.of(e, Logs.none().where(), Versions.inOneLine());
      terminal.err().println(failure.exitClass() + ": " + failure.message());
      return failure.exitClass().status();
    }
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
