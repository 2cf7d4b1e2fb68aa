/**
 * Models on Spark executors: where a task gets its decoder, and how a running task is counted.
 *
 * <p>The rooms below this package train, evaluate and prompt models on Spark: {@code transport}
 * moves vectors, {@code training} runs rounds, {@code evaluation} scores rows, {@code reveal}
 * prompts a model. This package imports none of them. Only {@code jobs} and {@code report} use it
 * from outside. Start with {@link org.lethe.cluster.ResidentModel}.
 */
package org.lethe.cluster;
