package org.lethe.jobs.study;

import java.util.Locale;

/**
 * A part of the forget texts that is unlearned beyond the study's own cells (MUSE, arXiv
 * 2407.06460, section 3).
 *
 * @param kind how it follows on the fold before
 * @param number from 1
 * @param file its texts
 */
record StudyFold(Kind kind, int number, String file) {
  /** How folds follow on each other. */
  enum Kind {
    /** Folds of growing size, each unlearned from the target. */
    SCALABILITY,
    /** Requests one after the other, each beginning with the model of the one before. */
    SUSTAINABILITY;

    /** As it is called in configurations and folders. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The name of its folders. */
  String name() {
    return kind.label() + "-" + number;
  }

  /** Whether the model of the fold before is what it begins with. */
  boolean follows() {
    return kind == Kind.SUSTAINABILITY && number > 1;
  }
}
