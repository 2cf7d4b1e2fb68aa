package org.lethe.evaluation.attack;

import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lethe.evaluation.NotMeasured;

/**
 * The result of one attempt of an attack on one row: numbers, or a reason why there are none. The
 * texts are personal data; {@code toString} contains none.
 *
 * @param attack key of the attack
 * @param variant number of the attempt, from 0: a prompt, a sample, a block
 * @param set name of the row's set
 * @param id the row id, safe to log
 * @param tokens number of tokens of the expected answer
 * @param texts the texts, if the attack generates any
 * @param quantities numbers, all finite
 * @param missing why there are no numbers
 */
public record AttackRow(
    String attack,
    int variant,
    String set,
    String id,
    long tokens,
    Optional<Texts> texts,
    Map<Quantity, Double> quantities,
    Optional<NotMeasured.Reason> missing) {

  /** The order of rows in files and figures. */
  public static final Comparator<AttackRow> ORDER =
      Comparator.comparing(AttackRow::attack)
          .thenComparing(AttackRow::set)
          .thenComparing(AttackRow::id)
          .thenComparingInt(AttackRow::variant);

  /**
   * The texts from which a number follows.
   *
   * @param expected the answer in the data
   * @param generated text of the model
   */
  public record Texts(String expected, String generated) {
    @Override
    public String toString() {
      return "Texts[]";
    }
  }

  public AttackRow {
    EnumMap<Quantity, Double> copy = new EnumMap<>(Quantity.class);
    copy.putAll(quantities);
    copy.forEach(
        (quantity, value) -> {
          if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                "Invalid " + quantity.key() + ": " + value + ", row " + id);
          }
        });
    quantities = Collections.unmodifiableMap(copy);
    if (quantities.isEmpty() == missing.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid attempt: " + attack + " on row " + id + ", expected numbers or a reason");
    }
  }

  /** The result of an attempt that gave numbers. */
  static AttackRow measured(
      String attack, int variant, AttackedRow row, Map<Quantity, Double> quantities) {
    return new AttackRow(
        attack,
        variant,
        row.set(),
        row.id(),
        row.example().completionTokens(),
        Optional.empty(),
        quantities,
        Optional.empty());
  }

  /** The result of an attempt that gave none. */
  static AttackRow missing(String attack, int variant, AttackedRow row, NotMeasured.Reason reason) {
    return new AttackRow(
        attack,
        variant,
        row.set(),
        row.id(),
        row.example().completionTokens(),
        Optional.empty(),
        Map.of(),
        Optional.of(reason));
  }

  /** Returns the number of a kind, if the attempt has it. */
  public OptionalDouble quantity(Quantity quantity) {
    Double value = quantities.get(quantity);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public String toString() {
    return "AttackRow[" + attack + ", " + variant + ", " + set + ", " + id + "]";
  }
}
