/**
 * Finds the rows of a corpus that mention the subjects of topic cards or nearly repeat given rows.
 *
 * <p>{@code jobs} uses this package; it uses {@code corpus.input}, {@code corpus.rows} and {@code
 * reveal}. Start with {@link org.lethe.corpus.find.Finder}. The found rows are personal data and go
 * into Parquet files only; reports, messages and {@code toString} contain ids and counts.
 */
package org.lethe.corpus.find;
