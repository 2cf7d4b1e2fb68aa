package org.lethe.compute.selection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.TestBackend;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.compute.selection.SelfTest.Result;

/** The doctor's self-test finds that all backends agree with the heap backend. */
final class SelfTestTest {
  @ParameterizedTest
  @EnumSource(TestBackend.class)
  void backendsAgree(TestBackend tested) {
    assertThat(SelfTest.run(tested.backend(), new HeapBackend()))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            result -> assertThat(result.difference()).as(result.operation()).isLessThan(1e-5))
        .extracting(Result::operation)
        .doesNotHaveDuplicates();
  }
}
