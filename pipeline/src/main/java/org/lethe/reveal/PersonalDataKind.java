package org.lethe.reveal;

import java.util.Locale;

/** Kinds of personal data that have a form of their own. */
public enum PersonalDataKind {
  PHONE,
  EMAIL,
  ADDRESS,
  DATE,
  NATIONAL_ID,
  BANK_ACCOUNT,
  CARD_NUMBER;

  /** As it is written in topic cards. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
