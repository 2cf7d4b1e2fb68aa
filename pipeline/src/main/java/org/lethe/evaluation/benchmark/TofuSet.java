package org.lethe.evaluation.benchmark;

/** The four sets of questions that TOFU evaluates. */
public enum TofuSet {
  FORGET("forget", "eval_log_forget.json"),
  RETAIN("retain", "eval_log.json"),
  REAL_AUTHORS("real-authors", "eval_real_author_wo_options.json"),
  WORLD_FACTS("world-facts", "eval_real_world_wo_options.json");

  private final String key;
  private final String logName;

  TofuSet(String key, String logName) {
    this.key = key;
    this.logName = logName;
  }

  /** The name of the set in rows and figures. */
  public String key() {
    return key;
  }

  /** Whether truth ratios use a paraphrase of the answer instead of the answer itself. */
  boolean isParaphrased() {
    return this == FORGET || this == RETAIN;
  }

  /** The name in the evaluation logs of the original repository. */
  String logName() {
    return logName;
  }
}
