package org.lethe.reveal;

import java.util.Locale;

/**
 * One combination of template, opener, persona and temperature.
 *
 * @param index position in the list of arms, which identifies it in the search
 */
public record Arm(
    int index, Template template, Opener opener, Persona persona, double temperature) {

  /** Returns template/opener/persona/temperature. Safe to log. */
  public String name() {
    return String.format(
        Locale.ROOT, "%s/%s/%s/%.2f", template.name(), opener.name(), persona.name(), temperature);
  }

  @Override
  public String toString() {
    return "Arm[" + index + ", " + name() + "]";
  }
}
