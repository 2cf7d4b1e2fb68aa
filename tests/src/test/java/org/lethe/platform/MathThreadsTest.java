package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.tensor.NativeBackend;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

final class MathThreadsTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, 8, 4",
        "-, -, 1, 1",
        "-, 4, 8, 2",
        "-, 16, 8, 1",
        "3, -, 8, 3",
        "3, 4, 8, 3",
        "0, -, 8, 4",
        "many, none, 8, 4",
        "'', '', 8, 4",
        "' 5 ', -, 8, 5",
      })
  void theEnvironmentDecidesBeforeTheCores(
      String threads, String workers, int cores, int expected) {
    Map<String, String> environment = new HashMap<>();
    environment.put("OMP_NUM_THREADS", threads);
    environment.put("LETHE_WORKERS", workers);
    assertThat(MathThreads.of(environment, cores)).isEqualTo(expected);
  }

  /** ND4J's own default is all cores, and it has three places for the number. */
  @Test
  void allPartsOfNd4jUseTheNumber() {
    int threads = NativeBackend.loaded().threads();
    assertThat(threads).isEqualTo(MathThreads.ofProcess());
    assertThat(NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads())
        .isEqualTo(threads);
    assertThat(Nd4j.factory().blas().getMaxThreads()).isEqualTo(threads);
    assertThat(Nd4j.getEnvironment().maxThreads()).isEqualTo(threads);
  }
}
