package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TileRegistersTest {
  /** A user's choice, whether Linux grants tiles, what is set, and whether tiles are used. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, true, AVX512_CORE_AMX, true",
        "-, false, -, false",
        "AVX512_CORE_AMX, true, -, true",
        "avx512_core_amx, true, -, true",
        "AVX512_CORE_AMX, false, AVX512_CORE_BF16, false",
        "AVX2, true, -, false",
        "AVX2, false, -, false",
      })
  void tilesAreUsedIfGrantedAndNotExcluded(
      String chosen, boolean granted, String written, boolean used) {
    List<String> environment = new ArrayList<>();
    assertThat(TileRegisters.request(Optional.ofNullable(chosen), granted, environment::add))
        .isEqualTo(used);
    assertThat(environment).isEqualTo(written == null ? List.of() : List.of(written));
  }

  @Test
  void aProcessorWithoutThemUsesNone() {
    Processor processor = new Processor("AuthenticAMD", "EPYC", Set.of("avx512_bf16"));
    assertThat(TileRegisters.request(processor)).isFalse();
  }
}
