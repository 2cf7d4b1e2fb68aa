/**
 * The shard stage: duplicates, overlap, balance, and the files that workers train on.
 *
 * <p>{@code jobs} uses this package; it uses {@code corpus}, {@code corpus.input} and {@code run}.
 * Start with {@link org.lethe.corpus.shard.Sharder}, the only class here that starts Spark jobs.
 * Text travels between tasks only; the driver receives counts, ids and digests.
 */
package org.lethe.corpus.shard;
