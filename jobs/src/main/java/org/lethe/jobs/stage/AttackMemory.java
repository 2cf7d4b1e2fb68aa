package org.lethe.jobs.stage;

import java.util.ArrayList;
import java.util.List;
import org.lethe.evaluation.attack.Attack;
import org.lethe.evaluation.attack.AttackSettings;
import org.lethe.evaluation.attack.Attacks;
import org.lethe.evaluation.attack.DecoderAttackModel;
import org.lethe.jobs.config.EvaluatePlan;
import org.lethe.jobs.config.RunPlan;
import org.lethe.model.Adapter;
import org.lethe.model.DecoderMemory;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The memory that attacks take outside the Java heap: besides the attacked model, copies with
 * rounded weights, other models, and a copy that is trained.
 */
final class AttackMemory {
  private static final long FLOAT = 4;

  /** Gradient and both moments of AdamW. */
  private static final long TRAINING_VECTORS = 3;

  private final RunPlan plan;
  private final MemoryBudget.Model model;

  private AttackMemory(RunPlan plan, MemoryBudget.Model model) {
    this.plan = plan;
    this.model = model;
  }

  /** Fails if the attacks of an evaluation that is not done need more memory than there is. */
  static void checkEvaluation(StageContext context) {
    EvaluatePlan evaluate = context.plan().evaluate().orElseThrow();
    RunArtifacts artifacts = context.artifacts();
    boolean done =
        Documents.exists(
            context.job().directory().fileSystem(),
            RunDirectory.manifest(artifacts.evaluation(ModelAttacks.NAME + "after")));
    if (!evaluate.attacks().isOff() && !done) {
      check(context, evaluate.attacks(), "lethe.evaluate.workers or lethe.evaluate.attacks.try");
    }
  }

  /** Fails if attacks on request need more memory than there is. */
  static void checkRequest(StageContext context) {
    AttackSettings settings = context.plan().attack().orElseThrow().settings();
    check(
        context,
        settings,
        "lethe.evaluate.workers, lethe.attack.relearn.micro-batch-size or lethe.attack.try");
  }

  private static void check(StageContext context, AttackSettings settings, String keys) {
    ModelDirectory directory = context.artifacts().givenModel();
    EvaluatePlan evaluate = context.plan().evaluate().orElseThrow();
    int workers = context.job().spark().isLocal() ? evaluate.workers() : 1;
    of(context.plan(), settings, MemoryBudget.Model.of(directory), workers)
        .check(context.plan(), keys);
  }

  /**
   * The need of the workers that attack the candidate.
   *
   * @param workers of this process
   */
  static MemoryBudget of(
      RunPlan plan, AttackSettings settings, MemoryBudget.Model model, int workers) {
    return new AttackMemory(plan, model).budget(settings, workers);
  }

  /** All workers are counted as the one with the most models: attacks go to workers in turn. */
  private MemoryBudget budget(AttackSettings settings, int workers) {
    Architecture architecture = model.architecture();
    long parameters = DecoderMemory.trainedParameters(architecture, Adapter.full());
    long frozen =
        DecoderMemory.frozenBytes(
            architecture,
            Adapter.frozen(),
            MemoryBudget.memory(plan, model),
            DecoderAttackModel.PASS_TOKENS);
    List<List<Attack>> byWorker = byWorker(settings, workers);
    boolean teaches = byWorker.stream().flatMap(List::stream).anyMatch(a -> a.lesson().isPresent());
    long models = byWorker.stream().mapToLong(AttackMemory::models).max().orElse(0);
    // A taught copy of the attacked model stays while the control is taught.
    long taught = teaches ? 2 * FLOAT * parameters : 0;
    long training = teaches ? TRAINING_VECTORS * FLOAT * parameters : 0;
    return new MemoryBudget(
        (1 + models) * frozen + taught,
        training,
        activations(settings, teaches),
        workers,
        model.tokenizer());
  }

  private List<List<Attack>> byWorker(AttackSettings settings, int workers) {
    List<List<Attack>> byWorker = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      byWorker.add(new ArrayList<>());
    }
    int next = 0;
    for (Attack attack : Attacks.of(settings)) {
      if (attack.needsSecondModel()) {
        byWorker.get(next++ % workers).add(attack);
      }
    }
    return byWorker;
  }

  /** Other models of a worker: one at a time with other weights, all others side by side. */
  private static long models(List<Attack> attacks) {
    return attacks.stream().flatMap(attack -> attack.otherModels().stream()).distinct().count();
  }

  private long activations(AttackSettings settings, boolean teaches) {
    Architecture architecture = model.architecture();
    int rows = DecoderAttackModel.PASS_TOKENS;
    long pass =
        DecoderMemory.trainingBytes(architecture, Adapter.frozen(), DataType.FLOAT, rows, 0);
    long blocks = FLOAT * architecture.layers() * architecture.hiddenSize() * rows;
    if (!teaches) {
      return 2 * pass + blocks;
    }
    int taughtRows =
        (int) Math.min(1 << 30, (long) settings.teaching().microBatchSize() * plan.maxLength());
    return 2 * pass
        + blocks
        + DecoderMemory.trainingBytes(
            architecture, Adapter.full(), DataType.FLOAT, taughtRows, Integer.MAX_VALUE);
  }
}
