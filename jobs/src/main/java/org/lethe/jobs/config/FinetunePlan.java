package org.lethe.jobs.config;

import java.util.Set;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.corpus.CorpusSet;

/**
 * How a target model is trained.
 *
 * @param settings of the training
 * @param sets the corpora that it trains on
 */
public record FinetunePlan(TrainingSettings settings, Set<CorpusSet> sets) {}
