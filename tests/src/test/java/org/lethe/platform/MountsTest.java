package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MountsTest {
  private static final Mounts MOUNTS =
      Mounts.of(
          List.of(
              "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
              "30 22 0:25 / /no-such/tmp rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw",
              "31 30 0:26 / /no-such/tmp/programs rw,relatime - tmpfs tmpfs rw",
              "32 22 0:27 / /no-such/a\\040b rw,noexec - tmpfs tmpfs rw",
              "33 22 0:28 / /no-such/twice rw,noexec - tmpfs tmpfs rw",
              "34 33 0:29 / /no-such/twice rw - tmpfs tmpfs rw"));

  @ParameterizedTest
  @CsvSource({
    "/no-such/home/u, false",
    "/no-such/tmp, true",
    "/no-such/tmp/lethe/x, true",
    "/no-such/tmpfs, false",
    "/no-such/tmp/programs/x, false",
    "/no-such/a b/x, true",
    "/no-such/twice/x, false",
  })
  void theNearestMountDecides(String path, boolean noexec) {
    assertThat(MOUNTS.isNoexecAt(Path.of(path))).isEqualTo(noexec);
  }
}
