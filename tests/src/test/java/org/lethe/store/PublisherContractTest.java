package org.lethe.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;

/**
 * What every store has in common, whatever its rename does. {@code LETHE_TEST_STORE} names a folder
 * of a further store, whose jars and core-site.xml are on the class path.
 */
final class PublisherContractTest {
  private static final Set<String> LAST = Set.of("config.json");

  @TempDir private static java.nio.file.Path folder;
  private static int counter;

  /** A store and an empty folder in it. */
  record Store(String name, FileSystem files, Path root) {
    Publisher publisher() {
      return Publisher.of(files, root);
    }

    void put(String name, String text) throws IOException {
      publisher().file(new Path(root, name), content(text));
    }

    String text(String name) throws IOException {
      try (var in = files.open(new Path(root, name))) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    FolderSource source(String name) throws IOException {
      return FolderSource.of(
          files, new Path(root, name), found -> !found.startsWith("."), LAST, () -> {});
    }

    List<String> names(Path in) throws IOException {
      List<String> names = new ArrayList<>();
      for (FileStatus status : FileSystems.list(files, in)) {
        names.add(status.getPath().getName());
      }
      return names.stream().sorted().toList();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Store> stores() throws IOException {
    List<Store> stores =
        new ArrayList<>(
            List.of(
                local(),
                memory("HDFS", MemoryFileSystem.HDFS),
                memory("rename throws", MemoryFileSystem.STRICT),
                memory("S3A", MemoryFileSystem.S3A),
                memory("older S3A", MemoryFileSystem.OLD_S3A),
                memory("GCS", "gs", MemoryFileSystem.GCS)));
    String further = System.getenv("LETHE_TEST_STORE");
    if (further != null) {
      stores.add(at(further, new Path(further, "test-" + counter++)));
    }
    return stores.stream();
  }

  private static Store local() throws IOException {
    return at("local", new Path(folder.resolve("local" + counter++).toUri()));
  }

  private static Store at(String name, Path root) throws IOException {
    FileSystem files = FileSystems.of(root, new Configuration());
    files.delete(root, true);
    files.mkdirs(root);
    return new Store(name, files, root);
  }

  private static Store memory(String name, Set<MemoryFileSystem.Trait> traits) throws IOException {
    return memory(name, "memory", traits);
  }

  private static Store memory(String name, String scheme, Set<MemoryFileSystem.Trait> traits)
      throws IOException {
    MemoryFileSystem files = new MemoryFileSystem(scheme, traits);
    Path root = new Path(scheme + "://store/run");
    files.mkdirs(root);
    return new Store(name, files, root);
  }

  private static Publisher.Content content(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void aSecondWriteReplacesTheFileAndLeavesNothingElse(Store store) throws IOException {
    store.put("result.json", "first");
    store.put("result.json", "second");
    store.put("result.json", "third");
    assertThat(store.text("result.json")).isEqualTo("third");
    assertThat(store.names(store.root())).containsExactly("result.json");
  }

  @ParameterizedTest
  @MethodSource("stores")
  void parentFoldersAreCreated(Store store) throws IOException {
    store.put("a/b/c.json", "x");
    assertThat(store.text("a/b/c.json")).isEqualTo("x");
  }

  @ParameterizedTest
  @MethodSource("stores")
  void aFailedWriteKeepsTheOldFile(Store store) throws IOException {
    store.put("rows.parquet", "old");
    assertThatThrownBy(
            () ->
                store
                    .publisher()
                    .file(
                        new Path(store.root(), "rows.parquet"),
                        out -> {
                          out.write(new byte[100]);
                          throw new IOException("No space left on device");
                        }))
        .hasMessage("No space left on device");
    assertThat(store.text("rows.parquet")).isEqualTo("old");
    assertThat(store.names(store.root())).containsExactly("rows.parquet");
  }

  @ParameterizedTest
  @MethodSource("stores")
  void aFailureOfTheProgramPublishesNothing(Store store) {
    assertThatThrownBy(
            () ->
                store
                    .publisher()
                    .file(
                        new Path(store.root(), "new.json"),
                        out -> {
                          out.write(1);
                          throw new IllegalStateException("defect");
                        }))
        .hasMessage("defect");
    assertThatThrownBy(() -> store.text("new.json")).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @MethodSource("stores")
  void aFolderReplacesTheOldOne(Store store) throws IOException {
    for (String version : List.of("one", "two")) {
      store.put("candidate/config.json", "config " + version);
      store.put("candidate/model.safetensors", "weights " + version);
      store.put("candidate/" + version + "/extra.txt", version);
      store.publisher().folder(new Path(store.root(), "model"), store.source("candidate"));
      store.files().delete(new Path(store.root(), "candidate/" + version), true);
    }
    assertThat(store.text("model/config.json")).isEqualTo("config two");
    assertThat(store.text("model/model.safetensors")).isEqualTo("weights two");
    assertThat(store.text("model/two/extra.txt")).isEqualTo("two");
    assertThat(store.names(new Path(store.root(), "model")))
        .containsExactly("config.json", "model.safetensors", "two");
    assertThat(store.names(store.root())).containsExactly("candidate", "model");
  }

  @ParameterizedTest
  @MethodSource("stores")
  void anInterruptedFolderCannotBeTakenForAModel(Store store) throws IOException {
    store.put("candidate/config.json", "config");
    store.put("candidate/model.safetensors", "weights");
    FolderSource source =
        FolderSource.of(
            store.files(),
            new Path(store.root(), "candidate"),
            name -> true,
            LAST,
            () -> {
              throw new IllegalStateException("killed");
            });
    Path model = new Path(store.root(), "model");
    assertThatThrownBy(() -> store.publisher().folder(model, source)).hasMessage("killed");
    assertThat(store.files().exists(new Path(model, "config.json"))).isFalse();
    store.publisher().folder(model, store.source("candidate"));
    assertThat(store.text("model/config.json")).isEqualTo("config");
    assertThat(store.names(store.root())).containsExactly("candidate", "model");
  }

  @ParameterizedTest
  @MethodSource("stores")
  void aProcessThatLostTheFolderPublishesNothing(Store store) throws IOException {
    store.put("result.json", "of the owner");
    store.put("candidate/config.json", "config");
    FolderSource source = store.source("candidate");
    Ownership.Check lost =
        target -> {
          throw RunErrors.lostLease("run", "another process", target.getName());
        };
    Ownership.claim(store.root(), lost);
    try {
      assertThatThrownBy(() -> store.put("result.json", "of the loser"))
          .isInstanceOf(LetheException.class)
          .hasMessageContaining("this run stopped before it wrote result.json");
      assertThatThrownBy(
              () -> store.publisher().folder(new Path(store.root(), "deep/model"), source))
          .hasMessageContaining("this run stopped before it wrote model");
    } finally {
      Ownership.release(store.root(), lost);
    }
    assertThat(store.text("result.json")).isEqualTo("of the owner");
    store.put("result.json", "free again");
    assertThat(store.text("result.json")).isEqualTo("free again");
  }

  @Test
  void objectStoresNeverRename() throws IOException {
    for (Store store :
        List.of(memory("S3A", MemoryFileSystem.S3A), memory("GCS", "gs", MemoryFileSystem.GCS))) {
      store.put("candidate/config.json", "config");
      store.put("candidate/config.json", "config again");
      store.publisher().folder(new Path(store.root(), "model"), store.source("candidate"));
      assertThat(((MemoryFileSystem) store.files()).renamed()).isEmpty();
    }
  }

  @Test
  void localFilesGetNoChecksumFiles() throws IOException {
    Store store = local();
    java.nio.file.Path local = java.nio.file.Path.of(store.root().toUri().getPath());
    java.nio.file.Files.writeString(local.resolve(".a.json.crc"), "of an older version");
    store.put("a.json", "x");
    assertThat(store.names(store.root())).containsExactly("a.json");
  }
}
