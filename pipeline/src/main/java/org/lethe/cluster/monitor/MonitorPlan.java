package org.lethe.cluster.monitor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.lethe.evaluation.monitor.StopSettings;

/**
 * What a training needs beside its shards to end by stop rules.
 *
 * @param stop rules and samples
 * @param unseen shard files of rows that the model never saw, Hadoop URIs
 * @param neutral shard files of neutral text; empty to read the divergence on retain rows
 */
public record MonitorPlan(StopSettings stop, List<String> unseen, List<String> neutral)
    implements Serializable {
  public MonitorPlan {
    unseen = new ArrayList<>(unseen);
    neutral = new ArrayList<>(neutral);
  }
}
