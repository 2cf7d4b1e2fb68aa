/**
 * Relevance oracles: how much a response says about the subject of a topic card, from 0 to 1.
 *
 * <p>A card chooses its oracle by {@link org.lethe.reveal.OracleChoice}. {@code cluster.reveal}
 * asks it about every response. {@code search} and {@code filter} see its numbers only. Start with
 * {@link org.lethe.reveal.oracle.RelevanceOracle}; {@link org.lethe.reveal.oracle.RelevanceOracles}
 * makes them.
 */
package org.lethe.reveal.oracle;
