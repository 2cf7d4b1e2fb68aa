/**
 * Moves vectors between the driver and the workers of one round.
 *
 * <p>Vectors travel as raw bytes in chunks. The executors average chunk by chunk, in the order of
 * the workers, so the bytes of the result do not depend on which task ends first. In one JVM the
 * vectors do not travel at all. This package knows no model; {@code cluster.training} uses it.
 * Start with {@link org.lethe.cluster.transport.RoundTransport}.
 */
package org.lethe.cluster.transport;
