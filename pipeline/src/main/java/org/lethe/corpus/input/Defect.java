package org.lethe.corpus.input;

import java.util.Locale;

/** The reason why a row cannot be used. */
public enum Defect {
  BAD_UTF8,
  BAD_JSON,
  NOT_AN_OBJECT,
  LINE_TOO_LONG,
  MISSING_FIELD,
  WRONG_TYPE,
  LONE_SURROGATE,
  BAD_ID,
  EMPTY_COMPLETION,
  /** A control token of the model stands in the text, and such rows are set aside. */
  CONTROL_TOKEN,
  /** Another row of the corpus has the same id and other text. */
  DUPLICATE_ID;

  /** The name in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name in reports, with the configured name of the field. */
  String label(String field) {
    return field.isEmpty() ? label() : label() + " " + field;
  }
}
