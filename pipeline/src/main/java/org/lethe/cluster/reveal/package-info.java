/**
 * The reveal stage on Spark: prompts a model about topic cards, step by step, and keeps the rows
 * that pass the filters.
 *
 * <p>{@code org.lethe.reveal} decides which prompts to use and which answers to keep; this package
 * prompts on executors and stores every step, so that a run can resume. {@code jobs} uses it,
 * {@code report} reads its documents. Start with {@link org.lethe.cluster.reveal.RevealRun}.
 */
package org.lethe.cluster.reveal;
