package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.tensor.NativeBackend;

final class BlasKernelTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "AuthenticAMD, avx2 avx512f avx512bw avx512vl, SKYLAKEX",
        "AuthenticAMD, avx2 fma, -",
        "GenuineIntel, avx2 avx512f avx512bw avx512vl, -",
      })
  void amdProcessorsWithAvx512GetItsKernel(String vendor, String flags, String kernel) {
    Processor processor =
        Processor.of(
            List.of("processor\t: 0", "vendor_id\t: " + vendor, "flags\t\t: fpu " + flags));
    assertThat(BlasKernel.preferred(processor).orElse(null)).isEqualTo(kernel);
  }

  @Test
  void anUnknownProcessorHasNoFlags() {
    assertThat(Processor.of(List.of())).isEqualTo(new Processor("", "", java.util.Set.of("")));
    assertThat(BlasKernel.preferred(Processor.of(List.of()))).isEmpty();
  }

  /** OpenBLAS itself reports the kernel, so a choice that came too late would show. */
  @Test
  void theLoadedKernelIsTheChosenOne() {
    String kernel = NativeBackend.loaded().kernel();
    assertThat(kernel).matches("[A-Z0-9]+");
    BlasKernel.preferred(Processor.ofMachine())
        .ifPresent(chosen -> assertThat(kernel).isEqualTo(chosen));
  }
}
