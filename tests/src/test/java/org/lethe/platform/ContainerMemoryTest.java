package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContainerMemoryTest {
  @TempDir private Path system;

  @ParameterizedTest
  @CsvSource({
    "0::/, memory.max",
    "0::/a.slice/b.scope, a.slice/memory.max",
    "0::/a.slice/b.scope, a.slice/b.scope/memory.max",
    "4:memory:/docker/ab, memory/memory.limit_in_bytes",
    "'7:cpu,memory:/docker/ab', memory/docker/memory.limit_in_bytes",
  })
  void aLimitOfTheGroupOrOfAParentHolds(String group, String file) throws IOException {
    write("proc/self/cgroup", "3:cpuset:/\n" + group + "\n");
    write("sys/fs/cgroup/" + file, "2147483648\n");
    assertThat(ContainerMemory.limit(system)).hasValue(2147483648L);
  }

  @Test
  void theLeastOfSeveralHolds() throws IOException {
    write("proc/self/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/memory.max", "max\n");
    write("sys/fs/cgroup/a/memory.max", "3000\n");
    write("sys/fs/cgroup/a/b/memory.max", "4000\n");
    assertThat(ContainerMemory.limit(system)).hasValue(3000);
  }

  @Test
  void noGroupsAndNoLimitAreNone() throws IOException {
    assertThat(ContainerMemory.limit(system)).isEmpty();
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "max\n");
    assertThat(ContainerMemory.limit(system)).isEmpty();
  }

  private void write(String file, String contents) throws IOException {
    Path path = system.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, contents);
  }
}
