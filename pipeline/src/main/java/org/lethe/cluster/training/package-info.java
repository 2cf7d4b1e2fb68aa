/**
 * Training in rounds on Spark.
 *
 * <p>A round is a pure function of (round state, worker, shard, seed): one Spark job in which every
 * worker receives the state and its shard and returns a contribution. Workers keep nothing between
 * rounds but caches. So retried and speculative tasks are harmless, and a run that resumes from a
 * checkpoint equals an uninterrupted one. {@code jobs} uses this package. Start with {@link
 * org.lethe.cluster.training.Training}.
 */
package org.lethe.cluster.training;
