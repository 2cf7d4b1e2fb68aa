package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.tensor.NativeBackend;

final class LocalSymbolsTest {
  @TempDir Path folder;

  /** The system's loader finds exported functions, at the same distances. */
  @Test
  void distancesAreThoseOfTheLoader() {
    Assumptions.assumeTrue(PackedNatives.platform().isPresent());
    String file = NativeBackend.loaded().library();
    Set<String> names = Set.of("getAllOperations", "getAllCustomOps", "noSuchFunction");
    Map<String, Long> found = LocalSymbols.find(Path.of(file), names);
    assertThat(found).containsOnlyKeys("getAllOperations", "getAllCustomOps");
    NativeLibrary library = NativeLibrary.getInstance(file);
    long first = Pointer.nativeValue(library.getFunction("getAllOperations"));
    long second = Pointer.nativeValue(library.getFunction("getAllCustomOps"));
    assertThat(second - first)
        .isEqualTo(found.get("getAllCustomOps") - found.get("getAllOperations"));
  }

  @Test
  void aFileOfAnotherKindHasNoSymbols() throws IOException {
    Path file = folder.resolve("text");
    Files.writeString(file, "not a library".repeat(20));
    assertThat(LocalSymbols.find(file, Set.of("main"))).isEmpty();
  }
}
