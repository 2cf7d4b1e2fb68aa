package org.lethe.jobs.study;

import java.util.Locale;

/**
 * A part of the forget texts that is unlearned in addition to the study's cells (MUSE, arXiv
 * 2407.06460, section 3).
 *
 * @param kind how it relates to the fold before
 * @param number from 1
 * @param file its texts
 */
record StudyFold(Kind kind, int number, String file) {
  /** How folds relate to each other. */
  enum Kind {
    /** Folds of growing size, each unlearned from the target. */
    SCALABILITY,
    /** Requests one after the other, each beginning with the model of the one before. */
    SUSTAINABILITY;

    /** The name in configurations and folders. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The name of its folders. */
  String name() {
    return kind.label() + "-" + number;
  }

  /** Whether it begins with the model of the fold before. */
  boolean follows() {
    return kind == Kind.SUSTAINABILITY && number > 1;
  }
}
