package org.lethe.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** The memory limit of the container or control group of this process, versions 1 and 2. */
public final class ContainerMemory {
  private ContainerMemory() {}

  /** The limit in bytes, or empty if there is none. */
  public static OptionalLong limit() {
    return limit(Path.of("/"));
  }

  /**
   * @param system folder with {@code proc} and {@code sys}
   */
  static OptionalLong limit(Path system) {
    try {
      return Files.readAllLines(system.resolve("proc/self/cgroup")).stream()
          .flatMapToLong(line -> limits(system.resolve("sys/fs/cgroup"), line))
          .min();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Limits of a group and of its parents, which hold too. In a container only the last exists. */
  private static LongStream limits(Path groups, String line) {
    String[] fields = line.split(":", 3);
    if (fields.length < 3) {
      return LongStream.empty();
    }
    boolean second = fields[1].isEmpty();
    if (!second && !List.of(fields[1].split(",")).contains("memory")) {
      return LongStream.empty();
    }
    Path base = second ? groups : groups.resolve("memory");
    String file = second ? "memory.max" : "memory.limit_in_bytes";
    LongStream.Builder found = LongStream.builder();
    Path group = base.resolve(fields[2].replaceFirst("^/+", "")).normalize();
    while (group != null && group.startsWith(base)) {
      number(group.resolve(file)).ifPresent(found::add);
      group = group.getParent();
    }
    return found.build();
  }

  private static OptionalLong number(Path file) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty(); // No such group, or "max".
    }
  }
}
