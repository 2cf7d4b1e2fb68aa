package org.lethe.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HalfTest {
  /** From numpy 2: np.float32(x).astype(np.float16).view(np.uint16). */
  @ParameterizedTest
  @CsvSource({
    "0, 0x0000",
    "-0.0, 0x8000",
    "1, 0x3c00",
    "65504, 0x7bff",
    "65519.996, 0x7bff",
    "65520, 0x7c00",
    "1e10, 0x7c00",
    "-1e10, 0xfc00",
    "6.1035156e-05, 0x0400",
    "6.097555e-05, 0x03ff",
    "5.9604645e-08, 0x0001",
    "2.9802322e-08, 0x0000",
    "2.9802326e-08, 0x0001",
    "8.940697e-08, 0x0002",
    "1.00048828125, 0x3c00",
    "1.00146484375, 0x3c02",
    "0.1, 0x2e66",
    "Infinity, 0x7c00",
    "NaN, 0x7e00"
  })
  void f16RoundsToNearestTiesToEven(float value, String bits) {
    assertThat(Half.toF16(value) & 0xffff).isEqualTo(Integer.decode(bits));
  }

  /** From torch 2.15: torch.tensor(x).to(torch.bfloat16).view(torch.int16). */
  @ParameterizedTest
  @CsvSource({
    "1, 0x3f80",
    "1.00390625, 0x3f80",
    "1.01171875, 0x3f82",
    "0.1, 0x3dcd",
    "-0.0, 0x8000",
    "3.4028235e38, 0x7f80",
    "1e-40, 0x0001"
  })
  void bf16RoundsToNearestTiesToEven(float value, String bits) {
    assertThat(Half.toBf16(value) & 0xffff).isEqualTo(Integer.decode(bits));
  }

  @Test
  void everyHalfSurvivesARoundTripThroughFloat() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float f16 = Half.fromF16((short) bits);
      if (!Float.isNaN(f16)) {
        assertThat(Half.toF16(f16)).isEqualTo((short) bits);
      }
      float bf16 = Half.fromBf16((short) bits);
      if (!Float.isNaN(bf16)) {
        assertThat(Half.toBf16(bf16)).isEqualTo((short) bits);
      }
    }
  }

  @Property(seed = "42")
  void noHalfIsNearer(@ForAll float value) {
    short bits = Half.toF16(value);
    double distance = Math.abs((double) Half.fromF16(bits) - value);
    if (Float.isFinite(Half.fromF16(bits)) && (bits & 0x7fff) < 0x7bff && (bits & 0x7fff) > 0) {
      assertThat(distance)
          .isLessThanOrEqualTo(Math.abs((double) Half.fromF16((short) (bits + 1)) - value))
          .isLessThanOrEqualTo(Math.abs((double) Half.fromF16((short) (bits - 1)) - value));
    }
  }

  @Test
  void doublesAreRoundedOnce() {
    // Slightly above the tie between 1 and 1 + 2^-10: rounding to FLOAT first would land on the
    // tie.
    double value = 1 + 0x1p-11 + 0x1p-40;
    assertThat(Half.toF16(Half.roundToOdd(value))).isEqualTo((short) 0x3c01);
    assertThat(Half.toF16(Half.roundToOdd(-value))).isEqualTo((short) 0xbc01);
    assertThat(Half.toF16((float) value)).isEqualTo((short) 0x3c00);
  }
}
