package org.lethe.model.layer;

import java.util.List;
import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.HeadNorms;

/** Norms of queries and keys, in place, if attention has them. */
public final class HeadNormStep {
  /** Weights of both norms, or their gradients. */
  public record Weights(NormStep.Weights query, NormStep.Weights key) {
    /** Whether there is neither. */
    public boolean isEmpty() {
      return query.isEmpty() && key.isEmpty();
    }
  }

  private final Heads heads;
  private final Optional<HeadNorms> norms;
  private final Optional<NormStep> query;
  private final Optional<NormStep> key;

  /** The norms of an attention. */
  public HeadNormStep(Attention attention, Backend backend) {
    heads = attention.heads();
    norms = attention.norms();
    query = norms.map(n -> new NormStep(n.query(), backend));
    key = norms.map(n -> new NormStep(n.key(), backend));
  }

  /** Number of norms of one row: groups of queries and of keys. */
  public static int groups(Attention attention) {
    Heads heads = attention.heads();
    return attention
        .norms()
        .map(n -> heads.querySize() / n.query().size() + heads.keyValueSize() / n.key().size())
        .orElse(0);
  }

  /** Cuts the norms' matrices. */
  public Weights matrices(TensorCut cut) {
    return new Weights(
        query.map(step -> step.matrices(cut)).orElse(HalfNorm.NONE),
        key.map(step -> step.matrices(cut)).orElse(HalfNorm.NONE));
  }

  /** Columns of queries or keys, and of the inverses of their norms. */
  private record Part(
      NormStep step, boolean isQuery, int first, int count, int firstGroup, int groups) {
    Matrix of(Matrix all) {
      return all.columns(first, count);
    }

    NormStep.Weights weights(Weights both) {
      return isQuery ? both.query() : both.key();
    }

    Matrix inverse(Matrix inverses) {
      return inverses.columns(firstGroup, groups);
    }
  }

  private Part queries() {
    int groups = heads.querySize() / norms.orElseThrow().query().size();
    return new Part(query.orElseThrow(), true, 0, heads.querySize(), 0, groups);
  }

  private Part keys() {
    int before = heads.querySize() / norms.orElseThrow().query().size();
    int groups = heads.keyValueSize() / norms.orElseThrow().key().size();
    return new Part(
        key.orElseThrow(), false, heads.querySize(), heads.keyValueSize(), before, groups);
  }

  /**
   * Normalises queries and keys.
   *
   * @param all queries, keys and values, [N, E]
   * @param before filled with queries and keys before the norms, [N, (H + K) S]
   * @param inverse filled for the backward pass, one column for each group
   */
  public void forward(
      Compute c, Weights w, Matrix all, Matrix before, Matrix inverse, NormStep.Scratch scratch) {
    c.copy(all.columns(0, before.columns()), before);
    for (Part part : List.of(queries(), keys())) {
      NormStep.Weights own = part.weights(w);
      part.step().forward(c, own, part.of(before), part.inverse(inverse), part.of(all), scratch);
    }
  }

  /**
   * Turns gradients of normalised queries and keys into those before the norms.
   *
   * @param before queries and keys of the forward pass
   * @param dAll gradients of queries, keys and values, [N, E]
   * @param dBefore overwritten, [N, (H + K) S]
   */
  public void backward(
      Compute c,
      Weights w,
      Weights gradients,
      Matrix before,
      Matrix inverse,
      Matrix dAll,
      Matrix dBefore,
      NormStep.Scratch scratch) {
    c.clear(dBefore);
    for (Part part : List.of(queries(), keys())) {
      Matrix own = part.inverse(inverse);
      Matrix dPart = part.of(dAll);
      part.step().addGradients(c, part.weights(gradients), dPart, part.of(before), own, scratch);
      part.step()
          .backward(c, part.weights(w), dPart, part.of(before), own, part.of(dBefore), scratch);
    }
    c.copy(dBefore, dAll.columns(0, dBefore.columns()));
  }

  /** Whether there are norms. */
  public boolean isPresent() {
    return norms.isPresent();
  }

  /** Frees the norms' own memory. */
  public void close() {
    query.ifPresent(NormStep::close);
    key.ifPresent(NormStep::close);
  }
}
