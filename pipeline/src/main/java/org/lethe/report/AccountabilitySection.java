package org.lethe.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lethe.run.Accountability;
import org.lethe.run.Accountability.Copy;
import org.lethe.run.Accountability.Means;

/**
 * The part of the report about what a controller documents: legal basis, means of extraction that
 * were tried, and copies that remain.
 */
final class AccountabilitySection {
  private AccountabilitySection() {}

  /** Returns the values of the template; empty for a record without accountability. */
  static Map<String, Object> of(Accountability found) {
    if (found.equals(Accountability.NONE)) {
      return Map.of();
    }
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("legal_basis", orNone(found.legalBasis()));
    section.put("reference", orNone(found.requestReference()));
    section.put("likelihood", found.likelihoodOfExtraction());
    List<Map<String, Object>> means = new ArrayList<>();
    found.extraction().forEach(entry -> means.add(means(entry)));
    section.put("means", means);
    List<Map<String, Object>> copies = new ArrayList<>();
    found.copies().forEach(copy -> copies.add(copy(copy)));
    section.put("copies", copies);
    return section;
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "not given" : text;
  }

  private static Map<String, Object> means(Means means) {
    return Map.of(
        "kind", means.kind(),
        "means", means.means(),
        "figure", means.figure(),
        "before", means.before().map(AccountabilitySection::number).orElse(FigureText.NOT_MEASURED),
        "after", number(means.after()),
        "interval", number(means.low()) + " to " + number(means.high()),
        "rows", String.valueOf(means.rows()));
  }

  private static Map<String, Object> copy(Copy copy) {
    return Map.of("what", copy.what(), "location", copy.location(), "action", copy.action());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
