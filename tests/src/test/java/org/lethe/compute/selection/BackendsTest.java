package org.lethe.compute.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.lethe.compute.Graphs;
import org.lethe.compute.Products;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.tensor.NativeBackend;
import org.lethe.tensor.NativeBackend.Choice;
import org.nd4j.linalg.api.buffer.DataType;

final class BackendsTest {
  private static final NativeBackend CPU =
      new NativeBackend("CpuBackend", "onednn-avx512", "SKYLAKEX", "/cache/libnd4jcpu.so", 2, 0);
  private static final NativeBackend CUDA =
      new NativeBackend("JCublasBackend", "cuda", "SKYLAKEX", "/cache/libnd4jcuda.so", 2, 1);

  @Test
  void floatOnTheCpuUsesTheHeapBackend() {
    assertThat(Backends.decide(Choice.AUTO, DataType.FLOAT, CPU).sentence())
        .isEqualTo(
            "heap: FLOAT on the CPU, ND4J's CpuBackend loaded from /cache/libnd4jcpu.so,"
                + " onednn-avx512");
    assertThat(Backends.decide(Choice.CPU, DataType.FLOAT, CPU).backend().name()).isEqualTo("heap");
  }

  @Test
  void doubleAndDevicesUseTheArrayBackend() {
    assertThat(Backends.decide(Choice.AUTO, DataType.DOUBLE, CPU).sentence())
        .isEqualTo(
            "array: DOUBLE on the CPU, where heap computes FLOAT only, ND4J's CpuBackend loaded"
                + " from /cache/libnd4jcpu.so, onednn-avx512");
    BackendDecision device = Backends.decide(Choice.CUDA, DataType.FLOAT, CUDA);
    assertThat(device.sentence())
        .isEqualTo(
            "array: FLOAT on a CUDA device, which heap cannot reach, ND4J's JCublasBackend loaded"
                + " from /cache/libnd4jcuda.so, cuda");
    assertThat(device.backend().type()).isEqualTo(DataType.FLOAT);
    assertThat(Backends.decide(Choice.AUTO, DataType.FLOAT, CUDA).backend().name())
        .isEqualTo("array");
  }

  @Test
  void productsThatABackendDoesNotHaveAreRejected() {
    assertThatThrownBy(() -> new BackendSettings(BackendSettings.Choice.AUTO, Products.TF32, ""))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.USAGE))
        .hasMessage(
            "Invalid lethe.platform.products: tf32, expected float or bfloat16 with the backend"
                + " auto");
  }

  @Test
  void graphsNeedTheDeviceOfLethesKernels() {
    assertThatThrownBy(
            () ->
                new BackendSettings(
                    BackendSettings.Choice.ND4J_CUDA, Products.FLOAT, "", Graphs.ON))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.USAGE))
        .hasMessage("Invalid lethe.platform.graphs: on, expected off with the backend nd4j-cuda");
  }

  @Test
  void aLibraryOtherThanTheRequestedOneIsRejected() {
    assertThatThrownBy(() -> Backends.decide(Choice.CUDA, DataType.FLOAT, CPU))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM))
        .hasMessageStartingWith(
            "Backend not available: lethe.platform.backend = nd4j-cuda, but ND4J loaded"
                + " CpuBackend");
    assertThatThrownBy(() -> Backends.decide(Choice.CPU, DataType.FLOAT, CUDA))
        .hasMessageStartingWith(
            "Backend not available: lethe.platform.backend = cpu, but ND4J loaded JCublasBackend");
    assertThatThrownBy(() -> Backends.decide(Choice.AUTO, DataType.INT, CPU))
        .hasMessage("Invalid type: INT, expected FLOAT or DOUBLE");
  }
}
