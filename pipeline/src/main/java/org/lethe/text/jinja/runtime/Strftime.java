package org.lethe.text.jinja.runtime;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Locale;

/** Python's {@code strftime} in the C locale, at the beginning of a day. */
final class Strftime {
  private Strftime() {}

  static String format(LocalDate day, String format) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        text.append(c);
      } else if (++i < format.length() && format.charAt(i) == '-') {
        // The GNU flag that leaves out leading zeros.
        String padded = ++i < format.length() ? field(day, format.charAt(i)) : "";
        text.append(padded.replaceFirst("^0+(?=\\d)", ""));
      } else {
        text.append(field(day, i < format.length() ? format.charAt(i) : ' '));
      }
    }
    return text.toString();
  }

  private static String field(LocalDate day, char letter) {
    return switch (letter) {
      case 'Y' -> Integer.toString(day.getYear());
      case 'y' -> two(day.getYear() % 100);
      case 'm' -> two(day.getMonthValue());
      case 'd' -> two(day.getDayOfMonth());
      case 'e' -> String.format(Locale.ROOT, "%2d", day.getDayOfMonth());
      case 'B' -> day.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' ->
          day.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case 'A' -> day.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> day.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case 'j' -> String.format(Locale.ROOT, "%03d", day.getDayOfYear());
      case 'H', 'M', 'S' -> "00";
      case 'I' -> "12";
      case 'p' -> "AM";
      case 'F' -> day.format(DateTimeFormatter.ISO_LOCAL_DATE);
      case 'D', 'x' -> format(day, "%m/%d/%y");
      case 'T', 'X' -> "00:00:00";
      case 'R' -> "00:00";
      case 'z', 'Z' -> "";
      case '%' -> "%";
      default -> throw JinjaException.unsupported("the date format %" + letter);
    };
  }

  private static String two(int number) {
    return String.format(Locale.ROOT, "%02d", number);
  }
}
