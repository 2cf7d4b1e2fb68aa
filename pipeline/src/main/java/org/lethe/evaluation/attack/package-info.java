/**
 * What an attacker would try on a model: other prompts, coarser weights, inner layers, samples.
 *
 * <p>Each {@link org.lethe.evaluation.attack.Attack} is one class. It turns rows into {@link
 * org.lethe.evaluation.attack.AttackRow}s, and those into figures, so that every figure can be
 * computed again from the rows alone. {@code cluster.evaluation} runs attacks on Spark, {@code
 * audit} computes their figures again. Start with {@link org.lethe.evaluation.attack.Attacks}, the
 * registry.
 */
package org.lethe.evaluation.attack;
