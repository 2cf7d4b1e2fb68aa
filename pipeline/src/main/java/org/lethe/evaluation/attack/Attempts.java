package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The attempts of all attacks on one model, by attack and set, and within a set by row. */
public final class Attempts {
  private final SortedMap<String, SortedMap<String, List<AttackRow>>> byAttack = new TreeMap<>();

  private Attempts() {}

  /** Sorts attempts, in any order. */
  public static Attempts of(Collection<AttackRow> rows) {
    Attempts attempts = new Attempts();
    rows.stream()
        .sorted(AttackRow.ORDER)
        .forEach(
            row ->
                attempts
                    .byAttack
                    .computeIfAbsent(row.attack(), attack -> new TreeMap<>())
                    .computeIfAbsent(row.set(), set -> new ArrayList<>())
                    .add(row));
    return attempts;
  }

  /** Keys of the attacks that were tried. */
  Set<String> attacks() {
    return byAttack.keySet();
  }

  /** Names of the sets on which an attack was tried. */
  Set<String> sets(String attack) {
    return byAttack.getOrDefault(attack, new TreeMap<>()).keySet();
  }

  /** The attempts on each row of a set, by id and variant. */
  List<List<AttackRow>> rows(String attack, String set) {
    SortedMap<String, List<AttackRow>> byId = new TreeMap<>();
    byAttack
        .getOrDefault(attack, new TreeMap<>())
        .getOrDefault(set, List.of())
        .forEach(row -> byId.computeIfAbsent(row.id(), id -> new ArrayList<>()).add(row));
    return List.copyOf(byId.values());
  }
}
