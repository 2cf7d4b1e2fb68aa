package org.lethe.evaluation;

/**
 * A continuation of a prompt.
 *
 * @param tokens new token ids without the end token
 * @param stopped whether the model ended it; otherwise the limit or the context did
 */
public record GeneratedTokens(int[] tokens, boolean stopped) {}
