/**
 * Row files: typed columns, rows, and Parquet files of them that are byte for byte repeatable.
 *
 * <p>{@code corpus} and every package above it use this one; it uses {@code error} and {@code run}.
 * Start with {@link org.lethe.corpus.rows.RowFiles}. It needs no Spark session. Rows may contain
 * personal data, so {@code toString} and messages name columns and never values.
 */
package org.lethe.corpus.rows;
