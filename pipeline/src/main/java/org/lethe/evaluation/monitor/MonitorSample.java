package org.lethe.evaluation.monitor;

/** The rows that a reading is taken on. */
public enum MonitorSample {
  /** Few rows, read after every round. */
  ROUND,
  /** More rows, read before a run ends and along the line between two checkpoints. */
  DECISION
}
