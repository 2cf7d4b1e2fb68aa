package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.tensor.Dtype;

final class ModelCacheTest {
  /** The local disk under another scheme, which the cache takes for a remote file system. */
  public static final class FarFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("far:///");
    }

    @Override
    public String getScheme() {
      return "far";
    }
  }

  @TempDir private Path temporary;
  private final Configuration hadoop = new Configuration(false);
  private Path source;
  private URI address;

  @BeforeEach
  void setUp() {
    hadoop.setClass("fs.far.impl", FarFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    source = ModelFiles.write(temporary.resolve("source"), ModelFiles.CONFIG, Dtype.F16);
    address = URI.create("far://" + source);
  }

  private ModelCache cache() {
    return new ModelCache(temporary.resolve("cache"), hadoop);
  }

  @Test
  void aRemoteModelIsCopiedOnce() throws IOException {
    ModelDirectory model = ModelDirectory.open(address, cache());
    assertThat(model.uri()).isEqualTo(address);
    assertThat(model.path()).startsWith(temporary.resolve("cache"));
    assertThat(model.digest()).isEqualTo(ModelDirectory.open(source).digest());
    assertThat(ModelDirectory.open(address, cache()).path()).isEqualTo(model.path());
    assertThat(copies()).hasSize(1);
  }

  @Test
  void aDamagedCopyIsReplaced() throws IOException {
    Path copy = cache().localCopy(address);
    byte[] weights = Files.readAllBytes(copy.resolve("model.safetensors"));
    weights[weights.length - 1] ^= 1;
    Files.write(copy.resolve("model.safetensors"), weights);
    assertThat(cache().localCopy(address)).isEqualTo(copy);
    assertThat(copy.resolve("model.safetensors"))
        .hasSameBinaryContentAs(source.resolve("model.safetensors"));
  }

  @Test
  void aChangedModelGetsItsOwnCopy() throws IOException {
    Path copy = cache().localCopy(address);
    Files.writeString(source.resolve("generation_config.json"), "{\"eos_token_id\": 7}");
    assertThat(cache().localCopy(address)).isNotEqualTo(copy);
  }

  @Test
  void processesThatRaceGetTheSameCompleteCopy() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Path>> tasks =
          IntStream.range(0, 8)
              .<Callable<Path>>mapToObj(i -> () -> cache().localCopy(address))
              .toList();
      for (Future<Path> copy : pool.invokeAll(tasks)) {
        assertThat(ModelDirectory.open(copy.get()).digest())
            .isEqualTo(ModelDirectory.open(source).digest());
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(copies()).hasSize(1);
  }

  @Test
  void aMissingRemoteModelIsNamed() {
    URI nowhere = URI.create("far://" + temporary.resolve("nowhere"));
    assertThatThrownBy(() -> ModelDirectory.open(nowhere, cache()))
        .isInstanceOf(LetheException.class)
        .hasMessageStartingWith("No model directory at " + nowhere + ": ");
  }

  @Test
  void anUnknownFileSystemIsNamed() {
    URI unknown = URI.create("unheard://bucket/model");
    assertThatThrownBy(() -> ModelDirectory.open(unknown, cache()))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM))
        .hasMessage(
            "File system not available for unheard://bucket/model: No FileSystem for scheme"
                + " \"unheard\"; add its jar, for s3a org.apache.hadoop:hadoop-aws in the version"
                + " of Hadoop, with LETHE_JARS (jobs/bin/lethe), --packages or --jars"
                + " (spark-submit)");
  }

  @Test
  void aModelIsWrittenToARemoteAddress() throws IOException {
    ModelDirectory model = ModelDirectory.open(source);
    Path target = temporary.resolve("target");
    ModelDirectoryWriter writer = new ModelDirectoryWriter(hadoop);
    URI remote = URI.create("far://" + target);
    writer.write(remote, model, ModelFiles.weights(ModelFiles.CONFIG));
    writer.write(remote, model, ModelFiles.weights(ModelFiles.CONFIG));
    assertThat(ModelDirectory.open(target).digest()).isEqualTo(model.digest());
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("source", "target");
    }
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve("cache"))) {
      return files.collect(Collectors.toList());
    }
  }
}
