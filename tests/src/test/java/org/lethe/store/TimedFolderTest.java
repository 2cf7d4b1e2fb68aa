package org.lethe.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

final class TimedFolderTest {
  private final MemoryFileSystem files = new MemoryFileSystem(MemoryFileSystem.S3A);

  @Test
  void theFolderIsPublishedAndItsBytesAreCounted() throws IOException {
    put("/from/config.json", "{}");
    put("/from/model.safetensors", "weights");
    FolderSource source =
        FolderSource.of(files, new Path("/from"), name -> true, Set.of("config.json"), () -> {});
    assertThat(source.bytes()).isEqualTo(9);
    TimedFolder.publish(files, new Path("/to"), source);
    assertThat(files.text("/to/config.json")).isEqualTo("{}");
    assertThat(files.text("/to/model.safetensors")).isEqualTo("weights");
  }

  @Test
  void theRateIsThatOfBytesAndSeconds() {
    assertThat(TimedFolder.rate(60_800_000, 2_000_000_000L))
        .isEqualTo("60.8 MB in 2.0 s, 30.4 MB/s");
  }

  private void put(String path, String text) throws IOException {
    Publisher.of(files, new Path(path))
        .file(new Path(path), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
