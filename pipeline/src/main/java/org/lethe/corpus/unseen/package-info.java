/**
 * Rows like the forget rows that the model never saw, made by substitution. Their figures are the
 * level of "forgotten".
 *
 * <p>The jobs use this package. Start with {@link org.lethe.corpus.unseen.UnseenStage}.
 */
package org.lethe.corpus.unseen;
