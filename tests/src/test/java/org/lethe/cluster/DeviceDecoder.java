package org.lethe.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.lethe.compute.Products;
import org.lethe.compute.TestBackend;
import org.lethe.compute.cuda.CudaBackend;
import org.lethe.compute.cuda.EmulatedDevice;
import org.lethe.model.Decoder;
import org.lethe.run.PhaseHook;

/**
 * The tiny decoder on the emulated GPU that Spark assigned to the task, on machines with two GPUs.
 * Each executor creates a file named after its GPU. The first one loses its device in its third
 * round.
 *
 * @param folder of these files
 */
public record DeviceDecoder(String folder) implements DecoderSource {
  private static final TinyDecoder ON_DEVICE = new TinyDecoder("full", TestBackend.CUDA_FLOAT);
  private static final int LAUNCH_FAILED = 719;

  /** Driver calls after a contribution: more than its transfer, fewer than a round. */
  private static final int CALLS = 30;

  @Override
  public Decoder load(Configuration hadoop) {
    EmulatedDevice device = EmulatedDevice.install();
    device.describe(12_080, 2, 90, 8L << 30);
    int ordinal = AssignedDevice.ordinal();
    String executor = SparkEnv.get().executorId();
    if (!executor.equals("driver")) {
      create("gpu-" + ordinal + "-executor-" + executor);
      if (create("lost")) {
        AtomicInteger contributions = new AtomicInteger();
        PhaseHook.install(
            phase -> {
              if (phase.equals("round:contribution") && contributions.incrementAndGet() == 2) {
                device.fail("every call", CALLS, LAUNCH_FAILED);
              }
            });
      }
    }
    return ON_DEVICE.load(CudaBackend.open(ordinal, Products.FLOAT, Optional.empty()));
  }

  /** Returns whether this process is the first that creates the file. */
  private boolean create(String name) {
    try {
      Files.createFile(Path.of(folder, name));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String identity() {
    return ON_DEVICE.identity();
  }
}
