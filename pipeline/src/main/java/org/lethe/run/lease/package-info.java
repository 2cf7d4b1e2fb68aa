/**
 * The lease of a run directory: one run writes at a time, on every file system, from any host,
 * container or pod.
 *
 * <p>{@code jobs} uses this package; it uses {@code run} and {@code store}. Start with {@link
 * org.lethe.run.lease.Lease}.
 */
package org.lethe.run.lease;
