package org.lethe.reveal;

import java.util.Locale;

/** Kinds of personal data with a recognisable format. */
public enum PersonalDataKind {
  PHONE,
  EMAIL,
  ADDRESS,
  DATE,
  NATIONAL_ID,
  BANK_ACCOUNT,
  CARD_NUMBER;

  /** Spelling in topic cards. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
