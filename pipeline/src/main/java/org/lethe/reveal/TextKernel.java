package org.lethe.reveal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Similarity of texts, from 0 to 1. A text has similarity 1 with itself. */
public final class TextKernel {
  private static final int LONGEST_GRAM = 4;

  private TextKernel() {}

  /** Counts of one text, scaled to norm 1, by gram number in ascending order. */
  private record SparseVector(int[] grams, double[] values) {
    double dot(SparseVector other) {
      double sum = 0;
      int i = 0;
      int j = 0;
      while (i < grams.length && j < other.grams.length) {
        if (grams[i] == other.grams[j]) {
          sum += values[i++] * other.values[j++];
        } else if (grams[i] < other.grams[j]) {
          i++;
        } else {
          j++;
        }
      }
      return sum;
    }
  }

  /**
   * Computes the average over n = 1 to 4 of the cosine of word n-gram counts (Friedman and Dieng,
   * arXiv 2210.02410, whose public code offers it as an alternative to embeddings). A text of fewer
   * than n words counts as one n-gram.
   *
   * @return [n, n], symmetric
   */
  public static double[][] ofTexts(List<String> texts) {
    List<List<String>> words = texts.stream().map(Words::of).toList();
    double[][] kernel = new double[texts.size()][texts.size()];
    for (int n = 1; n <= LONGEST_GRAM; n++) {
      List<SparseVector> vectors = vectors(words, n);
      for (int i = 0; i < kernel.length; i++) {
        for (int j = 0; j < i; j++) {
          double cosine = vectors.get(i).dot(vectors.get(j)) / LONGEST_GRAM;
          kernel[i][j] += cosine;
          kernel[j][i] += cosine;
        }
      }
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i][i] = 1;
    }
    return kernel;
  }

  private static List<SparseVector> vectors(List<List<String>> texts, int n) {
    Map<List<String>, Integer> numbers = new HashMap<>();
    List<SparseVector> vectors = new ArrayList<>();
    for (List<String> words : texts) {
      TreeMap<Integer, Integer> counts = new TreeMap<>();
      for (List<String> gram : Words.grams(words, n)) {
        counts.merge(numbers.computeIfAbsent(gram, g -> numbers.size()), 1, Integer::sum);
      }
      int[] grams = counts.keySet().stream().mapToInt(Integer::intValue).toArray();
      double[] values = counts.values().stream().mapToDouble(Integer::doubleValue).toArray();
      double norm = Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
      Arrays.setAll(values, i -> values[i] / norm);
      vectors.add(new SparseVector(grams, values));
    }
    return vectors;
  }

  /**
   * Computes the cosines of embeddings.
   *
   * @param embeddings [n, d], none of them 0
   * @return [n, n], symmetric
   */
  public static double[][] ofEmbeddings(double[][] embeddings) {
    double[] norms = new double[embeddings.length];
    for (int i = 0; i < norms.length; i++) {
      norms[i] = Math.sqrt(dot(embeddings[i], embeddings[i]));
      if (!(norms[i] > 0 && Double.isFinite(norms[i]))) {
        throw new IllegalArgumentException("Invalid embedding " + i + ": norm " + norms[i]);
      }
    }
    double[][] kernel = new double[norms.length][norms.length];
    for (int i = 0; i < norms.length; i++) {
      kernel[i][i] = 1;
      for (int j = 0; j < i; j++) {
        kernel[i][j] = dot(embeddings[i], embeddings[j]) / (norms[i] * norms[j]);
        kernel[j][i] = kernel[i][j];
      }
    }
    return kernel;
  }

  private static double dot(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "Invalid embeddings: lengths " + a.length + " and " + b.length);
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
