package org.lethe.text.jinja;

/**
 * A piece of a template.
 *
 * @param text the operator, the name, the digits, or the text of a string or of template data
 * @param line first line, from 1
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** Describes the token in messages. */
  String described() {
    return switch (kind) {
      case DATA -> "text";
      case VARIABLE_BEGIN -> "{{";
      case VARIABLE_END -> "}}";
      case BLOCK_BEGIN -> "{%";
      case BLOCK_END -> "%}";
      case STRING -> "a string";
      case END -> "the end of the template";
      case NAME, INTEGER, FLOAT, OPERATOR -> text;
    };
  }
}
