package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

final class UserFolderTest {
  @TempDir private Path folder;

  @AfterEach
  void restore() {
    System.clearProperty("lethe.cache");
  }

  @Test
  void nobodyElseCanReadIt() throws IOException {
    System.setProperty("lethe.cache", folder.resolve("a/b").toString());
    Path models = UserFolder.of("models");
    assertThat(models).isEqualTo(folder.resolve("a/b/models"));
    assertThat(permissions(models)).isEqualTo("rwx------");
    assertThat(permissions(models.getParent())).isEqualTo("rwx------");
  }

  @Test
  void aReadableFolderBecomesPrivate() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(UserFolder.create(open)).hasValue(open);
    assertThat(permissions(open)).isEqualTo("rwx------");
  }

  @Test
  void aFolderOfAnotherUserIsNotUsed() throws IOException {
    assumeTrue(Account.id().orElse(1) == 0, "changing the owner needs root");
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    Files.setAttribute(theirs, "unix:uid", 12345);
    assertThat(UserFolder.create(theirs)).isEmpty();
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    System.setProperty("lethe.cache", file.resolve("below").toString());
    assertThatThrownBy(() -> UserFolder.of("models"))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM))
        .hasMessage(
            "No private folder for caches and logs: none of "
                + file.resolve("below")
                + " can be created, or another user owns it; set LETHE_CACHE to a folder that you"
                + " can write");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
