package org.lethe.cluster.transport;

import java.io.Serializable;
import org.lethe.cluster.wire.Exchange.Traffic;

/**
 * What a worker returns after an exchange.
 *
 * @param report losses, figures and times of the round
 * @param place executor that holds the averages, in the form of Spark's preferred locations
 * @param traffic bytes that it sent
 */
record PeerReport<R extends Serializable>(int worker, R report, String place, Traffic traffic)
    implements Serializable {}
