package org.lethe.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What Linux tells of the processor. Empty on other systems.
 *
 * @param vendor such as GenuineIntel
 * @param model name of the product
 * @param flags what it can do
 */
public record Processor(String vendor, String model, Set<String> flags) {

  public static Processor ofMachine() {
    boolean known =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    try {
      return known ? of(Files.readAllLines(Path.of("/proc/cpuinfo"))) : of(List.of());
    } catch (IOException e) {
      return of(List.of());
    }
  }

  static Processor of(List<String> lines) {
    return new Processor(
        value(lines, "vendor_id"),
        value(lines, "model name"),
        Set.of(value(lines, "flags").split(" +")));
  }

  private static String value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("");
  }
}
