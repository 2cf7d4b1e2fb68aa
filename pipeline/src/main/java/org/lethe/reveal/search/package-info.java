/**
 * Searches: which arm to try next, what a pull was worth, which module weight to take, and when to
 * stop.
 *
 * <p>A search is a function of its settings, contexts and pulls alone, so an interrupted one goes
 * on from its list of pulls. {@code cluster.reveal} runs the search of arms and {@code jobs} the
 * others. {@code oracle} and {@code filter} know nothing of it. Start with {@link
 * org.lethe.reveal.search.ArmSearch}.
 */
package org.lethe.reveal.search;
