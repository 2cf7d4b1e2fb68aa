/**
 * Inputs of the shard stage: finding the files of a corpus, reading them by splits, and checking
 * their records.
 *
 * <p>{@code corpus} and the packages above it use this one; it uses {@code text} and {@code
 * corpus.rows}. Start with {@link org.lethe.corpus.input.InputFiles} and {@link
 * org.lethe.corpus.input.ReadTask}. Add a file format here. Text of a corpus is personal data:
 * messages name files, lines and fields, never a value.
 */
package org.lethe.corpus.input;
