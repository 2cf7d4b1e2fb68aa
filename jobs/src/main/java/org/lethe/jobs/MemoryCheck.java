package org.lethe.jobs;

import java.util.Locale;
import org.lethe.cluster.TrainingSettings;
import org.lethe.error.PlatformErrors;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.DecoderConfig;
import org.lethe.tensor.TensorInfo;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses work that does not fit into memory before it starts. Native memory is not counted by the
 * JVM, and the kernel's way to say no is to kill the process.
 */
final class MemoryCheck {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryCheck.class);
  private static final double GIB = 1L << 30;

  private final boolean refuse;
  private final MachineMemory memory;

  private MemoryCheck(boolean refuse, MachineMemory memory) {
    this.refuse = refuse;
    this.memory = memory;
  }

  static MemoryCheck read(ConfigurationReader reader) {
    return new MemoryCheck(PlatformSettings.read(reader).refuse(), MachineMemory.ofProcess());
  }

  /** Before training starts; executors of a cluster are other processes and not counted. */
  void training(
      JobContext context, ModelSettings.Opened model, TrainingSettings settings, int workers) {
    boolean embedded = context.spark().isLocal();
    int longestExample = ShardStage.report(context.directory()).maxLength();
    DecoderConfig config = model.directory().config();
    Adapter adapter = model.source().adapter();
    long weights =
        Float.BYTES * model.directory().tensors().stream().mapToLong(MemoryCheck::elements).sum();
    long vectors = 1L + settings.optimizer().stateNames().size();
    long gradients =
        (settings.direction().usesForget() ? 1L : 0L)
            + (settings.direction().usesRetain() ? 1L : 0L);
    long trained = adapter instanceof Adapter.Lora lora ? factorBytes(config, lora) : weights;
    long activations =
        Decoder.trainingBytes(
            config,
            adapter,
            DataType.FLOAT,
            Math.toIntExact(
                Math.min(Integer.MAX_VALUE, (long) settings.microBatchSize() * longestExample)));
    long worker = weights + trained * (vectors + gradients) + activations;
    // Sent and received state lie beside each other on the driver.
    long driver = 2 * trained * vectors;
    long here = driver + (embedded ? worker * workers : 0);
    String detail =
        String.format(
            Locale.ROOT,
            "%s%.2f GiB per worker, of which %.2f GiB activations, and %.2f GiB for the driver",
            embedded ? workers + " workers in this process, " : "",
            worker / GIB,
            activations / GIB,
            driver / GIB);
    require(here, detail);
  }

  private void require(long needed, String detail) {
    LOG.info(
        "Native memory needed: {} bytes ({}), available: {}", needed, detail, memory.forNative());
    if (needed > memory.forNative()) {
      var failure =
          PlatformErrors.notEnoughMemory(
              "native memory",
              needed,
              memory.forNative(),
              detail,
              "lower lethe.unlearn.micro-batch-size or lethe.shard.max-length, give the Java heap less"
                  + " (LETHE_HEAP), use more machines, or set lethe.platform.memory-check = warn");
      if (refuse) {
        throw failure;
      }
      LOG.warn(failure.getMessage());
    }
  }

  private static long elements(TensorInfo tensor) {
    return tensor.shape().stream().reduce(1L, Math::multiplyExact);
  }

  private static long factorBytes(DecoderConfig config, Adapter.Lora lora) {
    // Each factor pair has rank * (in + out) elements; both are at most the widest layer.
    long widest =
        Math.max(config.intermediateSize(), Math.max(config.hiddenSize(), config.querySize()));
    return (long) Float.BYTES * config.layers() * lora.targets().size() * lora.rank() * 2 * widest;
  }
}
