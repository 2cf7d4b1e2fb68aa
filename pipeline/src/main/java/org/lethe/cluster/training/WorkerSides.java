package org.lethe.cluster.training;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.training.LocalWork.Side;
import org.lethe.model.Decoder;
import org.lethe.objective.LossInputs;
import org.lethe.objective.ReferenceLosses;
import org.lethe.text.Example;

/**
 * The losses of a worker's round, each with its batches and its gradient.
 *
 * @param forget the forget loss, if the direction uses it
 * @param retain the retain loss, if the direction uses it
 */
record WorkerSides(Optional<Side> forget, Optional<Side> retain) {
  /**
   * Binds the losses to a worker's shards and to the gradients of a model.
   *
   * @param references files with the initial model's losses, one per worker, if a loss uses them
   * @param index index of the worker
   */
  static WorkerSides of(
      TrainingSettings settings,
      WorkerShards shards,
      List<String> references,
      int index,
      ResidentModel.Lease lease,
      Configuration hadoop) {
    return new WorkerSides(
        settings.direction().usesForget()
            ? Optional.of(forget(settings, shards, references, index, lease, hadoop))
            : Optional.empty(),
        settings.direction().usesRetain()
            ? Optional.of(retain(settings, shards, index, lease, hadoop))
            : Optional.empty());
  }

  private static Side forget(
      TrainingSettings settings,
      WorkerShards shards,
      List<String> references,
      int worker,
      ResidentModel.Lease lease,
      Configuration hadoop) {
    ReferencePass.Tables reference =
        settings.usesReference()
            ? ReferencePass.read(references.get(worker), hadoop)
            : new ReferencePass.Tables(ReferenceLosses.NONE, ReferenceLosses.NONE);
    Optional<Decoder> initial = initial(settings, settings.forgetLoss().usesInitialModel(), lease);
    LossInputs inputs = LossInputs.of(reference.rows(), initial);
    List<Example> examples;
    if (settings.forgetLoss().usesAlternatives()) {
      AnswerPairs pairs = ShardCache.pairs(shards, hadoop);
      examples = pairs.forget();
      inputs =
          new LossInputs(pairs.byPair(reference.rows()), initial, pairs, reference.alternatives());
    } else {
      examples = ShardCache.examples(shards.forget(), hadoop);
    }
    return new Side(
        "forget",
        settings.forgetLoss().objective(inputs),
        new Sampler(examples, "forget", settings.batchSize(), settings.seed(), worker),
        lease.forgetGradients());
  }

  private static Side retain(
      TrainingSettings settings,
      WorkerShards shards,
      int worker,
      ResidentModel.Lease lease,
      Configuration hadoop) {
    return new Side(
        "retain",
        settings
            .retainLoss()
            .objective(initial(settings, settings.retainLoss().usesInitialModel(), lease)),
        new Sampler(
            ShardCache.examples(shards.retain(), hadoop),
            "retain",
            settings.batchSize(),
            settings.seed(),
            worker),
        lease.retainGradients());
  }

  private static Optional<Decoder> initial(
      TrainingSettings settings, boolean used, ResidentModel.Lease lease) {
    return used ? Optional.of(lease.initial(settings.initialBlocks())) : Optional.empty();
  }
}
