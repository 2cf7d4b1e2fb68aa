package org.lethe.corpus;

import java.util.List;

/** The top-level fields of one input record, whatever it was read from. */
interface Fields {

  /** The field of that name; of type {@link Type#ABSENT} if there is none or it is null. */
  Field field(String name);

  /** The names of the fields that are there. */
  List<String> names();

  enum Type {
    ABSENT,
    STRING,
    INTEGER,
    /** Bytes that should be text and are not UTF-8. */
    BAD_UTF8,
    /** A list, an object, a fraction, a truth value. */
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
