package org.lethe.text.jinja.runtime;

/** A call of {@code raise_exception}. Its message comes from the template and may quote values. */
public final class RejectedByTemplate extends JinjaException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  RejectedByTemplate(String reason) {
    super("the template refuses the conversation");
    this.reason = reason;
  }

  /** The template's own words. They may quote the conversation. */
  public String reason() {
    return reason;
  }

  @Override
  public JinjaException inLine(int line) {
    return this;
  }
}
