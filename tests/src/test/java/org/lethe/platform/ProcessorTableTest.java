package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.tensor.NativeBackend;

/** Kernel and binary of processors that no machine of ours has, from what Linux tells of them. */
final class ProcessorTableTest {
  private static final String AVX2 = "fpu sse4_2 avx avx2 fma bmi1 bmi2";
  private static final String AVX512 = AVX2 + " avx512f avx512dq avx512cd avx512bw avx512vl";

  /** "own": OpenBLAS chooses by itself. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "AMD EPYC 9654 (Zen 4), AuthenticAMD, avx512 avx512_bf16 avx512_vnni, SKYLAKEX, onednn-avx512",
    "AMD EPYC 9755 (Zen 5), AuthenticAMD, avx512 avx512_bf16 avx_vnni, SKYLAKEX, onednn-avx512",
    "AMD EPYC 7763 (Zen 3), AuthenticAMD, avx2 vaes, own, onednn-avx2",
    "AMD EPYC 7601 (Zen 1), AuthenticAMD, avx2 sha_ni, own, onednn-avx2",
    "AMD Opteron 6386 (Piledriver), AuthenticAMD, fpu avx fma fma4, own, ''",
    "Hygon C86 7285, HygonGenuine, avx2, own, onednn-avx2",
    "Intel Xeon Platinum 8375C (Ice Lake), GenuineIntel, avx512 avx512_vnni, own, onednn-avx512",
    "Intel Xeon E5-2680 v3 (Haswell), GenuineIntel, avx2, own, onednn-avx2",
    "Intel Xeon Phi 7250, GenuineIntel, avx2 avx512f avx512cd avx512er, own, onednn-avx2",
    "Intel Xeon E5-2670 (Sandy Bridge), GenuineIntel, fpu sse4_2 avx, own, ''",
  })
  void decisions(String model, String vendor, String flags, String kernel, String binary) {
    String all = flags.replaceFirst("^avx512 ?", AVX512 + " ").replaceFirst("^avx2 ?", AVX2 + " ");
    Processor processor =
        Processor.of(
            List.of(
                "processor\t: 0",
                "vendor_id\t: " + vendor,
                "model name\t: " + model,
                "flags\t\t: " + all.strip(),
                "bugs\t\t: spectre_v1"));
    assertThat(processor.model()).isEqualTo(model);
    assertThat(BlasKernel.preferred(processor).orElse("own")).isEqualTo(kernel);
    assertThat(NativeBackend.extension(processor.flags()).orElse(""))
        .isEqualTo(binary.isEmpty() ? "" : "-" + binary);
  }
}
