package org.lethe.model;

import java.util.ArrayList;
import java.util.List;

/** Layouts without a decoder, for tests of other packages. */
public final class TestLayout {
  private TestLayout() {}

  /** A layout of tensors with these lengths, one after another. */
  public static ParameterLayout of(long... lengths) {
    List<ParameterLayout.Entry> entries = new ArrayList<>();
    long offset = 0;
    for (long length : lengths) {
      entries.add(
          new ParameterLayout.Entry("tensor" + entries.size(), new long[] {length}, offset));
      offset += length;
    }
    return new ParameterLayout(entries);
  }
}
