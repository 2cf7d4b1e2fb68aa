package org.lethe.model.architecture;

/**
 * RMSNorm (Zhang and Sennrich, arXiv 1910.07467): y = w x / sqrt(mean(x^2) + epsilon).
 *
 * @param weight w, [D]
 * @param epsilon added to the mean of squares
 */
public record RmsNorm(TensorSpec weight, double epsilon) {}
