package org.lethe.reveal;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Finds personal data by its format. Numbers with check digits must have valid ones. Phone numbers
 * are found by libphonenumber, which knows the lengths of all countries.
 */
public final class PersonalData {
  /** Minimum digits of a phone number. Shorter numbers are years, ages and house numbers. */
  private static final int FEWEST_PHONE_DIGITS = 7;

  private static final int LONGEST_TEXT = 100_000;

  private static final String MONTH =
      "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
          + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";

  private static final Pattern EMAIL =
      Pattern.compile(
          "(?<![\\w.+-])[\\w.+%-]{1,64}@(?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}\\p{L}{2,24}(?![\\p{L}\\p{N}])");

  private static final Pattern DATE =
      Pattern.compile(
          "\\b(?:\\d{1,2}(?:st|nd|rd|th)?(?: of)? "
              + MONTH
              + ",? \\d{4}|"
              + MONTH
              + " \\d{1,2}(?:st|nd|rd|th)?,?"
              + " \\d{4}|\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[./]\\d{1,2}[./]\\d{4})\\b",
          Pattern.CASE_INSENSITIVE);

  /** A house number and a street, in the English or the German order. A town may follow. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "\\b(?:\\d{1,5}[A-Za-z]? (?:\\p{Lu}[\\p{L}'-]{1,30} ){1,4}"
              + "(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Boulevard"
              + "|Blvd|Terrace|Close|Square|Sq|Crescent|Parkway|Pkwy|Circle|Cir)\\b\\.?"
              + "|\\p{Lu}[\\p{L}-]{2,40}(?:stra(?:ße|sse)|gasse|weg|allee|platz) \\d{1,4}[a-z]?\\b)"
              + "(?:, (?:\\d{4,5} )?\\p{Lu}[\\p{L}'-]{1,30}(?: \\p{Lu}[\\p{L}'-]{1,30}){0,2})?");

  private static final Pattern US_SOCIAL_SECURITY =
      Pattern.compile("(?<![\\d-])(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\d-])");

  private static final Pattern UK_NATIONAL_INSURANCE =
      Pattern.compile(
          "\\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\\d{2} ?\\d{2} ?\\d{2}"
              + " ?[A-D]\\b");

  private static final Pattern SPANISH_IDENTITY = Pattern.compile("\\b\\d{8}-?[A-Z]\\b");
  private static final String SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

  private static final Pattern GERMAN_TAX = Pattern.compile("(?<!\\d)[1-9](?: ?\\d){10}(?!\\d)");

  private static final Pattern IBAN =
      Pattern.compile("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b");

  private static final Pattern CARD = Pattern.compile("(?<!\\d)\\d(?:[ -]?\\d){12,18}(?!\\d)");

  private PersonalData() {}

  /**
   * @param from index of the first character
   * @param to index after the last character
   * @param value normalised value, equal for all spellings
   */
  public record Finding(PersonalDataKind kind, int from, int to, String value) {
    @Override
    public String toString() {
      return "Finding[" + kind + ", " + from + " to " + to + "]";
    }
  }

  /**
   * Returns the findings of a text in order. Findings do not overlap; numbers with check digits
   * take precedence.
   *
   * @param region region for phone numbers without a country code
   */
  public static List<Finding> find(String text, Set<PersonalDataKind> kinds, String region) {
    String part = text.substring(0, Math.min(text.length(), LONGEST_TEXT));
    List<Finding> found = new ArrayList<>();
    Map<PersonalDataKind, List<Finding>> byKind = new EnumMap<>(PersonalDataKind.class);
    byKind.put(PersonalDataKind.EMAIL, matches(PersonalDataKind.EMAIL, EMAIL, part, m -> true));
    byKind.put(
        PersonalDataKind.BANK_ACCOUNT,
        matches(PersonalDataKind.BANK_ACCOUNT, IBAN, part, PersonalData::validIban));
    byKind.put(
        PersonalDataKind.CARD_NUMBER,
        matches(PersonalDataKind.CARD_NUMBER, CARD, part, PersonalData::validCard));
    byKind.put(PersonalDataKind.NATIONAL_ID, nationalIds(part));
    byKind.put(PersonalDataKind.DATE, matches(PersonalDataKind.DATE, DATE, part, m -> true));
    byKind.put(
        PersonalDataKind.ADDRESS, matches(PersonalDataKind.ADDRESS, ADDRESS, part, m -> true));
    byKind.put(PersonalDataKind.PHONE, phones(part, region));
    for (PersonalDataKind kind :
        List.of(
            PersonalDataKind.EMAIL,
            PersonalDataKind.BANK_ACCOUNT,
            PersonalDataKind.NATIONAL_ID,
            PersonalDataKind.CARD_NUMBER,
            PersonalDataKind.DATE,
            PersonalDataKind.PHONE,
            PersonalDataKind.ADDRESS)) {
      for (Finding finding : byKind.get(kind)) {
        if (found.stream().noneMatch(f -> f.from < finding.to && finding.from < f.to)) {
          found.add(finding);
        }
      }
    }
    return found.stream()
        .filter(finding -> kinds.contains(finding.kind))
        .sorted(Comparator.comparingInt(Finding::from))
        .toList();
  }

  private static List<Finding> matches(
      PersonalDataKind kind, Pattern pattern, String text, Predicate<String> valid) {
    return pattern
        .matcher(text)
        .results()
        .filter(match -> valid.test(match.group()))
        .map(match -> finding(kind, match))
        .toList();
  }

  private static Finding finding(PersonalDataKind kind, MatchResult match) {
    String value =
        switch (kind) {
          case EMAIL -> match.group().toLowerCase(Locale.ROOT);
          case BANK_ACCOUNT, CARD_NUMBER, NATIONAL_ID -> compact(match.group());
          case PHONE, ADDRESS, DATE -> Words.normal(match.group());
        };
    return new Finding(kind, match.start(), match.end(), value);
  }

  private static List<Finding> nationalIds(String text) {
    List<Finding> found = new ArrayList<>();
    found.addAll(matches(PersonalDataKind.NATIONAL_ID, US_SOCIAL_SECURITY, text, m -> true));
    found.addAll(matches(PersonalDataKind.NATIONAL_ID, UK_NATIONAL_INSURANCE, text, m -> true));
    found.addAll(
        matches(PersonalDataKind.NATIONAL_ID, SPANISH_IDENTITY, text, PersonalData::validSpanish));
    found.addAll(
        matches(PersonalDataKind.NATIONAL_ID, GERMAN_TAX, text, PersonalData::validGermanTax));
    return found;
  }

  private static List<Finding> phones(String text, String region) {
    PhoneNumberUtil phones = PhoneNumberUtil.getInstance();
    List<Finding> found = new ArrayList<>();
    // POSSIBLE, not VALID: a model may invent numbers that were never assigned.
    for (PhoneNumberMatch match :
        phones.findNumbers(text, region, Leniency.POSSIBLE, LONGEST_TEXT)) {
      if (match.rawString().chars().filter(Character::isDigit).count() >= FEWEST_PHONE_DIGITS) {
        found.add(
            new Finding(
                PersonalDataKind.PHONE,
                match.start(),
                match.end(),
                phones.format(match.number(), PhoneNumberFormat.E164)));
      }
    }
    return found;
  }

  /** ISO 7064, modulus 97: check digits moved to the end, letters as 10 to 35. */
  private static boolean validIban(String text) {
    String compact = compact(text);
    StringBuilder digits = new StringBuilder();
    String turned = compact.substring(4) + compact.substring(0, 4);
    turned.chars().forEach(c -> digits.append(Character.getNumericValue(c)));
    return compact.length() >= 15
        && new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
  }

  /** Luhn. */
  private static boolean validCard(String text) {
    String digits = compact(text);
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighted = i % 2 == 1 ? 2 * digit : digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0 && digits.chars().distinct().count() > 1;
  }

  private static boolean validSpanish(String text) {
    String compact = compact(text);
    int number = Integer.parseInt(compact.substring(0, 8));
    return compact.charAt(8) == SPANISH_LETTERS.charAt(number % 23);
  }

  /** ISO 7064, modulus 11, 10. */
  private static boolean validGermanTax(String text) {
    String digits = compact(text);
    int product = 10;
    for (int i = 0; i < 10; i++) {
      int sum = (digits.charAt(i) - '0' + product) % 10;
      product = 2 * (sum == 0 ? 10 : sum) % 11;
    }
    return (11 - product) % 10 == digits.charAt(10) - '0';
  }

  private static String compact(String text) {
    return text.replaceAll("[^A-Za-z0-9]", "");
  }
}
