package org.lethe.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.tensor.NativeBackend.Choice;

final class NativeBackendTest {
  @Test
  void binaryFollowsTheCpuFlags() {
    Set<String> avx2 = Set.of("avx", "avx2", "fma", "bmi2");
    Set<String> avx512 = new HashSet<>(avx2);
    avx512.addAll(Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"));
    assertThat(NativeBackend.extension(avx512)).hasValue("-onednn-avx512");
    assertThat(NativeBackend.extension(avx2)).hasValue("-onednn-avx2");
    assertThat(NativeBackend.extension(Set.of("sse4_2"))).isEmpty();
    // A Knights Landing has avx512f but not avx512vl: the binary would stop at an illegal
    // instruction.
    Set<String> partial = new HashSet<>(avx2);
    partial.add("avx512f");
    assertThat(NativeBackend.extension(partial)).hasValue("-onednn-avx2");
  }

  @Test
  void missingBackendIsRejected() {
    NativeBackend cpu = new NativeBackend("CpuBackend", "plain", "HASWELL", "x", 1, 0);
    assertThat(cpu.require(Choice.AUTO)).isSameAs(cpu);
    assertThat(cpu.require(Choice.CPU)).isSameAs(cpu);
    assertThatThrownBy(() -> cpu.require(Choice.CUDA))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM))
        .hasMessageStartingWith(
            "Backend not available: lethe.platform.backend = nd4j-cuda, but ND4J loaded"
                + " CpuBackend");
    NativeBackend cuda = new NativeBackend("JCublasBackend", "cuda", "HASWELL", "x", 1, 1);
    assertThatThrownBy(() -> cuda.require(Choice.CPU))
        .hasMessageContaining("lethe.platform.backend = cpu, but ND4J loaded JCublasBackend");
  }

  @Test
  void loadedBinaryIsTheChosenOne() {
    NativeBackend loaded = NativeBackend.loaded();
    assertThat(loaded.library()).endsWith("libnd4jcpu.so");
    String chosen = System.getProperty(NativeBackend.EXTENSION);
    assertThat(loaded.binary()).isEqualTo(chosen.isEmpty() ? "plain" : chosen.substring(1));
    assertThat(loaded.threads()).isPositive();
  }
}
