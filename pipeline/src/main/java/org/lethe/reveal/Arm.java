package org.lethe.reveal;

import java.util.Locale;

/**
 * One way to ask.
 *
 * @param index place in the list of arms, by which the search knows it
 */
public record Arm(
    int index, Template template, Opener opener, Persona persona, double temperature) {

  /** Safe to log: template/opener/persona/temperature. */
  public String name() {
    return String.format(
        Locale.ROOT, "%s/%s/%s/%.2f", template.name(), opener.name(), persona.name(), temperature);
  }

  @Override
  public String toString() {
    return "Arm[" + index + ", " + name() + "]";
  }
}
