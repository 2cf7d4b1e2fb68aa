package org.lethe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectFilesTest {
  @TempDir Path folder;

  @Test
  void buildFoldersAreNotEntered() throws IOException {
    Path page = Files.writeString(folder.resolve("README.md"), "text");
    Path source =
        Files.writeString(Files.createDirectories(folder.resolve("b/a")).resolve("A"), "");
    Path build = Files.createDirectories(folder.resolve("b/target/junit-1"));
    Files.writeString(build.resolve("made.md"), "text");

    assertThat(ProjectFiles.below(folder)).containsExactly(page, source);
  }
}
