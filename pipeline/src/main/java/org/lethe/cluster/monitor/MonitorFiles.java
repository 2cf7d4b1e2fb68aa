package org.lethe.cluster.monitor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.lethe.evaluation.monitor.MonitorSet;

/**
 * The shard files that samples are drawn from.
 *
 * @param sets Hadoop URIs by set; neutral text may be absent
 */
record MonitorFiles(Map<MonitorSet, List<String>> sets) implements Serializable {
  MonitorFiles {
    EnumMap<MonitorSet, List<String>> copy = new EnumMap<>(MonitorSet.class);
    sets.forEach((set, files) -> copy.put(set, new ArrayList<>(files)));
    sets = copy;
  }

  /** The files of a training and of its monitor. */
  static MonitorFiles of(MonitorPlan plan, List<String> forget, List<String> retain) {
    Map<MonitorSet, List<String>> sets = new EnumMap<>(MonitorSet.class);
    sets.put(MonitorSet.FORGET, forget);
    sets.put(MonitorSet.RETAIN, retain);
    sets.put(MonitorSet.UNSEEN, plan.unseen());
    if (!plan.neutral().isEmpty()) {
      sets.put(MonitorSet.NEUTRAL, plan.neutral());
    }
    return new MonitorFiles(sets);
  }
}
