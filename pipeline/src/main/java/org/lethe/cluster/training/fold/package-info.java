/**
 * Layered unlearning: which rows of a worker a round forgets and which it still keeps.
 *
 * <p>{@code cluster.training} and {@code jobs} use this package. Start with {@link
 * org.lethe.cluster.training.fold.Folds}.
 */
package org.lethe.cluster.training.fold;
