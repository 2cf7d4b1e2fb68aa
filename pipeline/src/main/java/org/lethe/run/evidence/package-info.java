/**
 * Evidence of a run: the files that its record names by digest, the records of all its decisions,
 * and their signature.
 *
 * <p>{@code audit} and {@code jobs} use this package; it uses {@code run}. Start with {@link
 * org.lethe.run.evidence.RecordStore}.
 */
package org.lethe.run.evidence;
