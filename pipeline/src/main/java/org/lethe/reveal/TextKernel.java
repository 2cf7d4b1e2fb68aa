package org.lethe.reveal;

import java.util.List;

/** How alike texts are, from 0 to 1, a text and itself 1. */
public final class TextKernel {
  private TextKernel() {}

  /**
   * The average over n = 1 to 4 of the cosine of word n-gram counts (Friedman and Dieng, arXiv
   * 2210.02410, whose public code offers it beside embeddings). A text of fewer than n words counts
   * as one n-gram.
   *
   * @return [n, n], symmetric
   */
  public static double[][] ofTexts(List<String> texts) {
    throw new UnsupportedOperationException("skeleton: " + texts.size());
  }

  /**
   * Cosines of embeddings.
   *
   * @param embeddings [n, d], none of them 0
   * @return [n, n], symmetric
   */
  public static double[][] ofEmbeddings(double[][] embeddings) {
    throw new UnsupportedOperationException("skeleton: " + embeddings.length);
  }
}
