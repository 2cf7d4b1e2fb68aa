/**
 * Filters: which responses are kept, and the reasons why the others are dropped.
 *
 * <p>Filters see candidates, which are responses with the numbers of an oracle. {@code
 * cluster.reveal} applies them to all candidates of a card. Reports hold counts, never text. Start
 * with {@link org.lethe.reveal.filter.Filters}.
 */
package org.lethe.reveal.filter;
