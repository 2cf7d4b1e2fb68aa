package org.lethe.cluster.wire;

import java.io.Serializable;

/**
 * Where the workers of a round meet.
 *
 * @param host address of the driver
 * @param port where it listens
 * @param workers number of workers
 * @param sendsAverages whether the owners of slices also send their averages to the driver
 * @param secret of the training
 */
public record MeetingPoint(String host, int port, int workers, boolean sendsAverages, Secret secret)
    implements Serializable {}
