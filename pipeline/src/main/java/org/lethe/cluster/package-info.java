/**
 * Training in rounds on Spark.
 *
 * <p>A round is a pure function of (round state, worker, shard, seed): one Spark job in which every
 * worker takes the broadcast state and its shard and returns a contribution. Workers keep nothing
 * between rounds but caches, so retried and speculative tasks are harmless, and a run that is
 * resumed from a checkpoint equals one that was never interrupted.
 *
 * <p>Vectors travel as raw bytes in chunks. They are averaged chunk by chunk on the executors, in
 * the order of the workers, so the bytes of the result do not depend on which task ends first.
 */
package org.lethe.cluster;
