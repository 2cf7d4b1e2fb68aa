package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.lethe.jobs.Forger.LAST;
import static org.lethe.jobs.Forger.RECORD;
import static org.lethe.jobs.Forger.edit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.lethe.audit.RunVerification;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.RunDirectory;

/**
 * A released run whose record is signed, and copies of it for tests to tamper with.
 *
 * @param fixture model and corpora of the run
 * @param directory the run directory
 */
record SignedRun(PipelineFixture fixture, Path directory) {
  /** Releases a run below the folder, which gets private.pem and public.pem too. */
  static SignedRun release(Path folder) throws IOException, GeneralSecurityException {
    PipelineFixture fixture = new PipelineFixture(folder);
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    pem(folder, "private.pem", "PRIVATE KEY", keys.getPrivate().getEncoded());
    pem(folder, "public.pem", "PUBLIC KEY", keys.getPublic().getEncoded());
    Ended ended = fixture.pipeline("run", settings(folder));
    assertThat(ended.status()).as(ended.err()).isZero();
    return new SignedRun(fixture, fixture.run("run"));
  }

  static String[] settings(Path folder) {
    return new String[] {
      "lethe.evaluate.max-new-tokens=40",
      "lethe.gates.forget.loss.at-least=0",
      "lethe.gates.retain.loss.at-most-share-of-before=2",
      "lethe.release.signing-key=" + folder.resolve("private.pem")
    };
  }

  static void pem(Path folder, String name, String kind, byte[] encoded) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
  }

  /** Copies the run directory to a new folder below another. */
  Path copy(Path copies) throws IOException {
    Path copy = Files.createTempDirectory(copies, "copy");
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(directory.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return copy;
  }

  /** Changes record.json and its numbered copy alike, in a copy of the run. */
  void assertRecordDiffers(Path copies, Consumer<ObjectNode> change, String message)
      throws IOException {
    Path copy = copy(copies);
    edit(copy.resolve(LAST), change);
    Files.copy(copy.resolve(LAST), copy.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
    assertEvidence(copy, message);
  }

  static void assertEvidence(Path directory, String message) {
    assertThatExceptionOfType(LetheException.class)
        .isThrownBy(() -> verify(directory))
        .withMessageStartingWith(message)
        .satisfies(e -> assertThat(e.exitClass()).isEqualTo(ExitClass.EVIDENCE));
  }

  static List<String> verify(Path directory) {
    return RunVerification.verify(open(directory), new Configuration());
  }

  static RunDirectory open(Path path) {
    return RunDirectory.at(path.toString(), new Configuration());
  }
}
