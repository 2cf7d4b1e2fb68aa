package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;

/**
 * Model, corpora and run directory on HDFS, where rename does not overwrite and no path is a File.
 */
final class HdfsTest {
  @TempDir private java.nio.file.Path folder;
  private MiniDFSCluster cluster;
  private FileSystem files;

  @BeforeEach
  void start() throws IOException {
    Configuration configuration = new Configuration();
    cluster =
        new MiniDFSCluster.Builder(configuration, folder.resolve("hdfs").toFile())
            .numDataNodes(1)
            .build();
    files = cluster.getFileSystem();
  }

  @AfterEach
  void stop() {
    cluster.shutdown(true);
  }

  @Test
  void aRunOnHdfsReleasesTheBytesOfALocalRunAndResumes() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder.resolve("local"));
    files.copyFromLocalFile(new Path(fixture.model().toUri()), new Path("/model"));
    files.copyFromLocalFile(new Path(fixture.corpus("forget").toUri()), new Path("/forget.jsonl"));
    files.copyFromLocalFile(new Path(fixture.corpus("retain").toUri()), new Path("/retain.jsonl"));
    String root = files.getUri().toString();
    String[] settings = {
      "lethe.model.path=" + root + "/model",
      "lethe.corpus.forget=" + root + "/forget.jsonl",
      "lethe.corpus.retain=" + root + "/retain.jsonl"
    };
    assertThat(fixture.pipeline("run").status()).isZero();

    Ended ended = fixture.pipelineAt(root + "/runs/one", settings);

    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(bytes("/runs/one/model/model.safetensors"))
        .isEqualTo(Files.readAllBytes(fixture.run("run").resolve("model/model.safetensors")));
    assertThat(
            Arrays.stream(files.listStatus(new Path("/runs/one")))
                .map(status -> status.getPath().getName()))
        .contains("record.json", "report.html", "result.json")
        .noneMatch(name -> name.contains("tmp"));
    Ended again = fixture.pipelineAt(root + "/runs/one", settings);
    assertThat(again.status()).isZero();
    assertThat(again.out()).contains("done before");
  }

  private byte[] bytes(String path) throws IOException {
    try (var in = files.open(new Path(path))) {
      return in.readAllBytes();
    }
  }
}
