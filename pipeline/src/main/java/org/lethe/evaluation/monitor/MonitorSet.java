package org.lethe.evaluation.monitor;

/** The sets that a monitor reads. */
public enum MonitorSet {
  FORGET,
  RETAIN,
  UNSEEN,
  /** Text on which only the divergence is read. */
  NEUTRAL
}
