package org.lethe.model.architecture;

/**
 * Norms of queries and keys before rotation (Dehghani et al., arXiv 2302.05442). A norm as wide as
 * one head applies to each head; otherwise it applies to all heads together.
 *
 * @param query norm of queries
 * @param key norm of keys
 */
public record HeadNorms(Norm query, Norm key) {}
