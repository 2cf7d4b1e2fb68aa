/**
 * Tables of a lakehouse, by Spark's data sources of their formats. The jars of a format come from
 * the user; nothing here is compiled against them.
 *
 * <p>A table is read once, at one version, into row files of the run directory. Start with {@link
 * org.lethe.corpus.table.TableName}.
 */
package org.lethe.corpus.table;
