/**
 * Exchanges vectors between the processes of a training through sockets, without Spark.
 *
 * <p>Every worker owns a slice of the state. It receives the others' versions of its slice,
 * averages them in the order of the workers, and sends the average to all. So each worker sends and
 * receives about twice the state, whatever their number. Start with {@link
 * org.lethe.cluster.wire.Exchange}; {@link org.lethe.cluster.wire.Rendezvous} introduces the
 * workers to each other.
 *
 * <p>All connections are authenticated with the {@link org.lethe.cluster.wire.Secret} of the
 * training, and encrypted if it says so.
 */
package org.lethe.cluster.wire;
