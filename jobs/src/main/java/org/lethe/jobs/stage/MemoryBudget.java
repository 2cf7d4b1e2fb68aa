package org.lethe.jobs.stage;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.Moments;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.compute.Backend;
import org.lethe.compute.selection.Backends;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Optimizer;
import org.lethe.error.LetheException;
import org.lethe.error.PlatformErrors;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.jobs.config.RunPlan;
import org.lethe.model.Adapter;
import org.lethe.model.DecoderMemory;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.layer.Activations;
import org.lethe.model.layer.FrozenMemory;
import org.lethe.objective.InitialLogits;
import org.lethe.platform.MachineMemory;
import org.lethe.tensor.Dtype;
import org.lethe.text.Tokenizer;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a training takes of the memory outside the Java heap, so that work that cannot end is
 * refused before it begins. All in bytes. Frozen weights have the type in which the backend keeps
 * them; all else is FLOAT.
 *
 * @param weights of one worker, frozen ones and the memory to widen them included, and of the
 *     initial model where a loss needs it
 * @param training gradients of both losses and optimizer state of one worker
 * @param activations and logits of one worker: one chunk, and those of the initial model where a
 *     loss needs them
 * @param workers of this process
 * @param driver parameters, optimizer state and, where gradients are sent, both sums; and the
 *     tokenizer of this process
 */
public record MemoryBudget(
    long weights, long training, long activations, int workers, long driver) {
  /**
   * The given model.
   *
   * @param architecture its tensors
   * @param dtypes dtype of each tensor in its file, by name
   * @param tokenizer bytes of its open tokenizer
   */
  record Model(Architecture architecture, Function<String, Dtype> dtypes, long tokenizer) {
    static Model of(ModelDirectory directory) {
      return new Model(
          directory.architecture(), directory::dtype, Tokenizer.memory(directory.path()));
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);
  private static final long FLOAT = 4;
  private static final double MIB = 1 << 20;

  /** More rows than any machine has memory for; their number times the width must stay a long. */
  private static final long MOST_ROWS = 1 << 30;

  /**
   * Checks a training.
   *
   * @param adapter what is trained
   * @param stop rules that end it; empty if nothing does before its last round
   * @param workers of this process: all where Spark is embedded; else one, which is what an
   *     executor of the same size holds
   * @throws LetheException PLATFORM if it does not fit and the configuration says to refuse
   */
  static void check(
      RunPlan plan,
      Adapter adapter,
      TrainingSettings settings,
      Optional<StopSettings> stop,
      Model model,
      int workers) {
    Activations activations = activations(plan, adapter, settings, stop, model, workers);
    String keys =
        "workers, batch-size or micro-batch-size"
            + fittingMicroBatch(plan, adapter, settings, stop, model, workers, activations);
    if (activations == Activations.KEPT) {
      keys += ", set lethe.platform.activations = recompute";
    } else {
      LOG.info("Activations are recomputed");
    }
    of(plan, adapter, settings, stop, model, workers, activations).check(plan, keys);
  }

  /**
   * Names a micro-batch that fits, for the message. It is not chosen here: its size decides the
   * last digits of a result, which must not depend on the memory that happens to be free.
   */
  private static String fittingMicroBatch(
      RunPlan plan,
      Adapter adapter,
      TrainingSettings settings,
      Optional<StopSettings> stop,
      Model model,
      int workers,
      Activations activations) {
    long available = available(plan);
    for (int examples = settings.microBatchSize() / 2; examples > 0; examples /= 2) {
      TrainingSettings smaller = settings.withMicroBatch(examples);
      if (of(plan, adapter, smaller, stop, model, workers, activations).total() <= available) {
        return " (" + examples + " fits)";
      }
    }
    return "";
  }

  /**
   * Compares the need with the memory of this process.
   *
   * @param keys what to lower if it does not fit
   * @throws LetheException PLATFORM if it does not fit and the configuration says to refuse
   */
  void check(RunPlan plan, String keys) {
    MachineMemory memory = MachineMemory.ofProcess();
    OptionalLong device = plan.platform().backend().freeDeviceBytes();
    long available = device.orElse(memory.forNative());
    LOG.info(
        "Memory: {} MiB needed ({}), {} MiB available",
        Math.round(total() / MIB),
        words(),
        Math.round(available / MIB));
    if (total() > available) {
      LetheException refusal =
          PlatformErrors.notEnoughMemory(
              device.isPresent() ? "device memory" : "native memory",
              total(),
              available,
              words(),
              "lower "
                  + (device.isPresent()
                      ? ""
                      : "LETHE_HEAP (now " + memory.heap() / (1 << 20) + " MiB), ")
                  + keys
                  + ", or set"
                  + " lethe.platform.memory-check = warn");
      if (plan.platform().refuse()) {
        throw refusal;
      }
      LOG.warn("{}", refusal.getMessage());
    }
  }

  /**
   * Returns what a training does with the activations of blocks: what the configuration says, or
   * else keeps them if they fit into memory.
   */
  static Activations activations(
      RunPlan plan,
      Adapter adapter,
      TrainingSettings settings,
      Optional<StopSettings> stop,
      Model model,
      int workers) {
    Optional<Activations> configured = plan.platform().activations();
    if (configured.isPresent()) {
      return configured.get();
    }
    long kept = of(plan, adapter, settings, stop, model, workers, Activations.KEPT).total();
    return kept <= available(plan) ? Activations.KEPT : Activations.RECOMPUTED;
  }

  private static long available(RunPlan plan) {
    return plan.platform()
        .backend()
        .freeDeviceBytes()
        .orElseGet(() -> MachineMemory.ofProcess().forNative());
  }

  /** Candidates of a tuning that fit into this process together; at least one. */
  static int candidatesAtOnce(
      RunPlan plan, Adapter adapter, TrainingSettings settings, Model model) {
    // Beside a worker's memory: the state, the round's start, and each worker's vectors.
    Activations activations = keptUnlessConfigured(plan);
    MemoryBudget worker = of(plan, adapter, settings, Optional.empty(), model, 1, activations);
    long trained = DecoderMemory.trainedParameters(model.architecture(), adapter);
    long copies = 1L + plan.workers() * (1L + vectors(settings.optimizer()));
    long candidate = worker.total() + FLOAT * trained * copies;
    return (int) Math.max(1, Math.min(plan.workers(), available(plan) / candidate));
  }

  private static Activations keptUnlessConfigured(RunPlan plan) {
    return plan.platform().activations().orElse(Activations.KEPT);
  }

  static MemoryBudget of(
      RunPlan plan,
      Adapter adapter,
      TrainingSettings settings,
      Optional<StopSettings> stop,
      Model model,
      int workers,
      Activations activations) {
    Architecture architecture = model.architecture();
    boolean factors = adapter instanceof Adapter.Lora;
    long trained = DecoderMemory.trainedParameters(architecture, adapter);
    long vectors = vectors(settings.optimizer());
    // The initial model shares what is frozen; without factors of its own, it is the frozen model.
    boolean sharesAll = factors && plan.model().continued().isEmpty();
    long initial =
        sharesAll || !settings.usesInitialModel()
            ? 0
            : DecoderMemory.trainedParameters(architecture, adapter, settings.initialBlocks());
    long gradients =
        (settings.direction().usesForget() ? 1L : 0) + (settings.direction().usesRetain() ? 1 : 0);
    int rows = (int) Math.min(MOST_ROWS, (long) settings.sequences() * plan.maxLength());
    return new MemoryBudget(
        DecoderMemory.frozenBytes(architecture, adapter, memory(plan, model), rows)
            + FLOAT * (trained + initial),
        FLOAT
            * trained
            * (gradients
                + vectors
                // A stretched round keeps the parameters with which it began.
                + (settings.outerStep().isOnWorkers() ? 1 : 0)
                + (settings.direction().usesForget() ? settings.forgetPoint().vectors() : 0)),
        DecoderMemory.trainingBytes(
                architecture, adapter, DataType.FLOAT, rows, settings.blocks(), activations)
            + initialLogits(architecture, settings, plan.maxLength()),
        workers,
        model.tokenizer()
            + FLOAT
                * trained
                * (1
                    + (settings.moments() == Moments.LOCAL ? 0 : vectors)
                    // The mean, and the momentum.
                    + (settings.outerStep().isOnDriver() ? 2 : 0)
                    + (settings.averaging() == Averaging.GRADIENTS ? gradients : 0)
                    // A probe keeps the parameters with which its round began.
                    + (settings.learningRate() instanceof LearningRate.Automatic ? 1 : 0)
                    // The returned point is searched for between two checkpoints.
                    + (stop.isPresent() ? 2 : 0)));
  }

  /** Logits of the initial model, unless a loss compares activations or needs no such model. */
  private static long initialLogits(
      Architecture architecture, TrainingSettings settings, int length) {
    return settings.initialBlocks() == Integer.MAX_VALUE
        ? InitialLogits.keptBytes(architecture, DataType.FLOAT, settings.sequences(), length)
        : 0;
  }

  static FrozenMemory memory(RunPlan plan, Model model) {
    Backend backend = Backends.decide(plan.platform().backend(), DataType.FLOAT, 0).backend();
    return new FrozenMemory(backend, model.dtypes());
  }

  long total() {
    return (long) workers * (weights + training + activations) + driver;
  }

  String words() {
    return String.format(
        Locale.ROOT,
        "%d workers x (weights %.0f + gradients and optimizer %.0f + activations and logits %.0f"
            + " MiB) + driver %.0f MiB",
        workers,
        weights / MIB,
        training / MIB,
        activations / MIB,
        driver / MIB);
  }

  private static long vectors(Optimizer optimizer) {
    return optimizer.stateNames().size();
  }
}
