package org.lethe.text.jinja.runtime;

/**
 * A template that cannot be parsed or rendered. The message names parts of the template and kinds
 * of values, never values.
 */
public class JinjaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JinjaException(String message) {
    super(message, null, false, false);
  }

  /** Returns the same failure with the line of the template in its message. */
  public JinjaException inLine(int line) {
    return new JinjaException(getMessage() + " in line " + line);
  }

  public static JinjaException unsupported(String what) {
    return new JinjaException(what + " is not supported");
  }
}
