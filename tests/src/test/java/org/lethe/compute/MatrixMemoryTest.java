package org.lethe.compute;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory of matrices that ND4J allocates on the host. */
final class MatrixMemoryTest {
  private static final int SIZE = 3072;
  private static final int REPEATS = 16;
  private static final long MOST_BYTES = 200L << 20;

  /** Each matrix has 36 MiB or more, because glibc itself keeps blocks of up to 32 MiB. */
  @ParameterizedTest
  @EnumSource(names = {"HEAP_FLOAT", "ARRAY_FLOAT", "ARRAY_DOUBLE"})
  void memoryOfAClosedMatrixIsFreeBeforeTheNextGarbageCollection(TestBackend which) {
    Backend backend = which.backend();
    float[] numbers = new float[SIZE * SIZE];
    long before = Pointer.physicalBytes();
    for (int i = 0; i < REPEATS; i++) {
      try (Matrix matrix = backend.matrix(SIZE, SIZE)) {
        matrix.upload(numbers);
      }
    }
    assertThat(Pointer.physicalBytes() - before).isLessThan(MOST_BYTES);
  }
}
