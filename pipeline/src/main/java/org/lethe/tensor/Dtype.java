package org.lethe.tensor;

import java.util.Locale;
import java.util.Optional;

/** The element types of safetensors that Lethe reads. Sub-byte and 8-bit floats are rejected. */
public enum Dtype {
  BOOL(1),
  U8(1),
  I8(1),
  U16(2),
  I16(2),
  F16(2),
  BF16(2),
  U32(4),
  I32(4),
  F32(4),
  U64(8),
  I64(8),
  F64(8);

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is F16, BF16, F32 or F64. */
  public boolean isFloating() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }

  /** Returns the dtype with this name in a safetensors header, if known. */
  public static Optional<Dtype> ofName(String name) {
    for (Dtype dtype : values()) {
      if (dtype.name().equals(name)) {
        return Optional.of(dtype);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the dtype that config.json names {@code float32}, {@code float16}, {@code bfloat16}...
   */
  public static Optional<Dtype> ofTorchName(String name) {
    return switch (name.replaceFirst("^torch\\.", "").toLowerCase(Locale.ROOT)) {
      case "float32", "float" -> Optional.of(F32);
      case "float16", "half" -> Optional.of(F16);
      case "bfloat16" -> Optional.of(BF16);
      case "float64", "double" -> Optional.of(F64);
      default -> Optional.empty();
    };
  }

  /** Returns the name of a floating dtype in config.json. */
  public String torchName() {
    return switch (this) {
      case F32 -> "float32";
      case F16 -> "float16";
      case BF16 -> "bfloat16";
      case F64 -> "float64";
      default -> throw new IllegalArgumentException("Invalid dtype: " + this);
    };
  }
}
