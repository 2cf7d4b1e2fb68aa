package org.lethe.compute.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.Products;
import org.lethe.compute.TestBackend;
import org.lethe.compute.cuda.CudaBackend;
import org.lethe.compute.cuda.EmulatedDevice;
import org.lethe.compute.cuda.TestDevice;
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

  @Test
  void everyKernelIsTested() {
    assumeTrue(EmulatedDevice.isPossible() && !TestDevice.isReal(), "counts emulated launches");
    EmulatedDevice device = EmulatedDevice.install();
    Map<String, Long> before = device.launches();
    for (Products products : List.of(Products.FLOAT, Products.TF32)) {
      SelfTest.run(CudaBackend.open(0, products, Optional.empty()), new HeapBackend());
    }
    Map<String, Long> after = device.launches();
    assertThat(after).hasSizeGreaterThan(60);
    assertThat(after.keySet())
        .allSatisfy(name -> assertThat(after.get(name)).as(name).isGreaterThan(before.get(name)));
  }
}
