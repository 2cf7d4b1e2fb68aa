package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.SparkFixture;
import org.lethe.jobs.PipelineFixture.Ended;

/** A run directory that cannot be used: the message holds the reason, whatever the store. */
final class RunDirectoryFailuresTest {
  @TempDir private Path folder;
  private PipelineFixture fixture;

  @BeforeEach
  void inputs() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "frozen, 8, PLATFORM: Read-only file system while locking frozen:/run;",
    "closed, 3, INPUT: Permission denied while locking closed:/run; grant access to user",
    "silent, 3, INPUT: Input/output error while locking silent:/run: IOException: the directory"
        + " cannot be created",
  })
  void theStoreRefuses(String scheme, int status, String message) {
    Configuration hadoop = SparkFixture.context().hadoopConfiguration();
    hadoop.setClass("fs." + scheme + ".impl", Refusing.class, Refusing.class);
    Ended ended = fixture.pipelineAt(scheme + ":/run");
    assertThat(ended.status()).as(ended.err()).isEqualTo(status);
    assertThat(ended.err()).startsWith(message).doesNotContain(".lock.guard", "defect");
  }

  /** Nobody can create a folder there, the administrator included. */
  @Test
  void theSystemRefuses() {
    assumeTrue(Files.isDirectory(Path.of("/sys")));
    Ended ended = fixture.pipelineAt("/sys/lethe-run");
    assertThat(ended.status()).as(ended.err()).isIn(3, 8);
    assertThat(ended.err())
        .contains("/sys/lethe-run")
        .containsAnyOf("Read-only file system", "Permission denied", "Operation not permitted")
        .doesNotContain(".lock.guard", "No such file", "defect");
  }

  @Test
  void aFileIsInTheWay() throws IOException {
    Path file = Files.writeString(folder.resolve("occupied"), "");
    Ended ended = fixture.pipelineAt(file.toString());
    assertThat(ended.status()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err()).contains("occupied").doesNotContain(".lock.guard", "defect");
  }

  @Test
  void evaluationNeedsShardsFirst() {
    Ended ended =
        fixture.execute(
            Stream.concat(Stream.of("evaluate"), fixture.flags("run").stream()).toList());
    assertThat(ended.status()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err()).contains("run 'lethe shard' on this run directory first");
  }

  /** A store that refuses to create folders in the way of its scheme. */
  public static final class Refusing extends RawLocalFileSystem {
    private URI uri;

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
      uri = URI.create(name.getScheme() + ":///");
      super.initialize(name, conf);
    }

    @Override
    public URI getUri() {
      // The superclass asks before this class is ready.
      return uri == null ? super.getUri() : uri;
    }

    @Override
    public boolean mkdirs(org.apache.hadoop.fs.Path folder, FsPermission permission)
        throws IOException {
      return mkdirs(folder);
    }

    @Override
    public boolean mkdirs(org.apache.hadoop.fs.Path folder) throws IOException {
      switch (uri.getScheme()) {
        case "frozen" -> throw new IOException("mkdir of " + folder + ": Read-only file system");
        case "closed" -> throw new AccessControlException("user=nobody, access=WRITE");
        default -> {
          return false;
        }
      }
    }
  }
}
