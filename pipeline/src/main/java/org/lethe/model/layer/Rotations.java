package org.lethe.model.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.RotaryPositions;

/** The rotary tables of a model. Blocks with the same positions share theirs. */
public final class Rotations {
  private final Map<RotaryPositions, Rotary> tables;

  private Rotations(Map<RotaryPositions, Rotary> tables) {
    this.tables = new LinkedHashMap<>(tables);
  }

  /** Computes the tables of all blocks. */
  public static Rotations of(Architecture architecture) {
    Map<RotaryPositions, Rotary> tables = new LinkedHashMap<>();
    architecture
        .blocks()
        .forEach(
            block ->
                block
                    .attention()
                    .positions()
                    .ifPresent(positions -> tables.computeIfAbsent(positions, Rotary::new)));
    return new Rotations(tables);
  }

  /** Uses the given tables. */
  public static Rotations of(Map<RotaryPositions, Rotary> tables) {
    return new Rotations(tables);
  }

  /** Extends all tables to all positions below the given one. */
  public void cover(int positions) {
    tables.values().forEach(rotary -> rotary.cover(positions));
  }

  /** The tables of a block's attention, if it rotates queries and keys. */
  public Optional<Rotary> of(Attention attention) {
    return attention.positions().map(tables::get);
  }
}
