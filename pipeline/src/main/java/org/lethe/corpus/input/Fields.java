package org.lethe.corpus.input;

import java.util.List;

/** The top-level fields of one input record, independent of the file format. */
interface Fields {

  /** Returns the field with that name, of type {@link Type#ABSENT} if it is missing or null. */
  Field field(String name);

  /** Names of the existing fields. */
  List<String> names();

  enum Type {
    ABSENT,
    STRING,
    INTEGER,
    /** Bytes of a text column that are not UTF-8. */
    BAD_UTF8,
    /** A list, an object, a fraction or a boolean. */
    OTHER
  }

  /**
   * One value.
   *
   * @param text the value as text; empty for lists and objects
   */
  record Field(Type type, String text) {
    static final Field ABSENT = new Field(Type.ABSENT, "");

    @Override
    public String toString() {
      return "Field[" + type + "]";
    }
  }
}
