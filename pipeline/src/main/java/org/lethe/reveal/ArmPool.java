package org.lethe.reveal;

import java.util.List;

/**
 * What arms are made of.
 *
 * @param templates at least one
 * @param openers at least one; only templates that ask for prose are joined with those that are not
 *     empty
 * @param personas at least one
 * @param temperatures at least one, each above 0
 */
public record ArmPool(
    ModelKind kind,
    List<Template> templates,
    List<Opener> openers,
    List<Persona> personas,
    List<Double> temperatures) {

  public ArmPool {
    templates = List.copyOf(templates);
    openers = List.copyOf(openers);
    personas = List.copyOf(personas);
    temperatures = List.copyOf(temperatures);
  }

  /** The pool that comes with Lethe. */
  public static ArmPool builtIn(ModelKind kind) {
    throw new UnsupportedOperationException("skeleton: " + kind);
  }

  /** A pool read from a user's file (UTF-8 JSON, as the built-in resources are written). */
  public static ArmPool read(byte[] json, String where) {
    throw new UnsupportedOperationException("skeleton: " + where);
  }

  /** This pool and another of the same kind. */
  public ArmPool with(ArmPool other) {
    throw new UnsupportedOperationException("skeleton: " + other);
  }

  /**
   * Arms for a card: all combinations, or that many of them drawn by the seed, so that every
   * template has its share. Templates that need attributes or questions which the card has not are
   * left out; the card's own templates are added.
   *
   * @param most most arms, at least 1
   */
  public List<Arm> arms(TopicCard card, int most, long seed) {
    throw new UnsupportedOperationException("skeleton: " + card + most + seed);
  }
}
