package org.lethe.text.jinja.runtime;

/**
 * A variable, an attribute or an element that does not exist. It prints as nothing, is false, and
 * has no elements. Every other use is an error that names it.
 *
 * @param name as the template writes it
 */
public record Undefined(String name) {
  public static final Undefined UNNAMED = new Undefined("the value of a condition without else");

  public JinjaException used() {
    return new JinjaException(name + " is undefined");
  }

  /** All undefined values are equal, as in Jinja. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 1;
  }
}
