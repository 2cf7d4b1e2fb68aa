package org.lethe.corpus.input;

import java.util.List;

/** The top-level fields of one input record, independent of the file format. */
interface Fields {

  /** Returns the field with that name, of type {@link Type#ABSENT} if it is missing or null. */
  Field field(String name);

  /** Names of the existing fields. */
  List<String> names();

  enum Type {
    ABSENT("nothing"),
    STRING("text"),
    INTEGER("number"),
    /** A number with a fraction or an exponent. */
    FRACTION("number"),
    /** NaN or infinity. */
    NOT_FINITE("NaN or infinity"),
    BOOLEAN("boolean"),
    LIST("list"),
    OBJECT("object"),
    /** Bytes of a text column that are not UTF-8. */
    BAD_UTF8("bytes"),
    /** A type that only Parquet has, such as a timestamp. */
    OTHER("another type");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    /** The kind of value, for reasons in reports. */
    String words() {
      return words;
    }

    /** Whether a value of this type has one spelling as text. */
    boolean isScalar() {
      return this == STRING || this == INTEGER || this == FRACTION || this == BOOLEAN;
    }
  }

  /**
   * One value.
   *
   * @param text the value as text; empty for lists and objects
   */
  record Field(Type type, String text) {
    /** Above it, a double does not tell neighbouring whole numbers apart. */
    private static final double LARGEST_EXACT = 1L << 53;

    static final Field ABSENT = new Field(Type.ABSENT, "");

    /**
     * Returns a number. A whole number has the same text with and without a fraction, because tools
     * write 1.0 for 1 in a column with gaps.
     */
    static Field number(double value, String text) {
      if (!Double.isFinite(value)) {
        return new Field(Type.NOT_FINITE, "");
      }
      return value == Math.rint(value) && Math.abs(value) < LARGEST_EXACT
          ? new Field(Type.INTEGER, String.valueOf((long) value))
          : new Field(Type.FRACTION, text);
    }

    @Override
    public String toString() {
      return "Field[" + type + "]";
    }
  }
}
