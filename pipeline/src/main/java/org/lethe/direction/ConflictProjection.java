package org.lethe.direction;

import java.util.ArrayList;
import java.util.List;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath.Term;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.ParameterLayout;

/**
 * PCGrad (arXiv 2001.06782) for unlearning, where only the forget gradient is projected (arXiv
 * 2604.14808, whose code has both scopes): d = retainWeight g_r + forgetWeight g_f'. If &lt;g_r,
 * g_f&gt; is below 0, g_f' is g_f without its component along g_r; otherwise it is g_f.
 *
 * @param forgetWeight 0 or more
 * @param retainWeight 0 or more; not both 0
 * @param scope scope of the inner products
 */
public record ConflictProjection(double forgetWeight, double retainWeight, Scope scope)
    implements Direction {
  /** The parameters over which a conflict is detected. */
  public enum Scope {
    /** One inner product over all trainable parameters. */
    ALL,
    /** One inner product for each tensor of the layout. */
    TENSOR
  }

  public ConflictProjection {
    Checks.weights(forgetWeight, retainWeight);
  }

  @Override
  public Combination combine(LossGradients gradients) {
    return scope == Scope.ALL ? overAll(gradients) : byTensor(gradients);
  }

  private Combination overAll(LossGradients gradients) {
    Products products = Products.of(gradients, 0);
    return products.combination(
        gradients,
        retainWeight - forgetWeight * backwards(products),
        forgetWeight,
        Math.sqrt(squaredNorm(products)));
  }

  /** Removes the conflicting components from the forget gradient itself, tensor by tensor. */
  private Combination byTensor(LossGradients gradients) {
    LossGradient f = gradients.forget().orElseThrow();
    LossGradient r = gradients.retain().orElseThrow();
    List<LayerFigures> tensors = new ArrayList<>();
    double squaredNorm = 0;
    for (ParameterLayout.Entry entry : gradients.layout().entries()) {
      FlatVector forget = slice(f.sum(), entry);
      FlatVector retain = slice(r.sum(), entry);
      Products products =
          Products.of(
              new LossGradient(forget, f.scale()), new LossGradient(retain, r.scale()), entry);
      tensors.addAll(products.layers());
      squaredNorm += squaredNorm(products);
      double backwards = backwards(products);
      if (backwards < 0) {
        forget.math().addScaled(-backwards * r.scale() / f.scale(), retain, forget);
      }
    }
    return new Combination(
        List.of(
            new Term(r.sum(), retainWeight * r.scale()),
            new Term(f.sum(), forgetWeight * f.scale())),
        Math.sqrt(squaredNorm),
        Products.of(tensors, 0).figures());
  }

  private static FlatVector slice(FlatVector flat, ParameterLayout.Entry entry) {
    return flat.slice(entry.offset(), entry.length());
  }

  /** Returns &lt;g_r, g_f&gt; / |g_r|^2 if it is below 0, otherwise 0. */
  private static double backwards(Products products) {
    return products.inner() < 0 && !products.retainVanishes()
        ? products.inner() / products.retain()
        : 0;
  }

  /** Returns |d|^2. Without its conflicting component g_f is orthogonal to g_r. */
  private double squaredNorm(Products products) {
    double backwards = backwards(products);
    if (backwards == 0) {
      double norm = products.norm(retainWeight, forgetWeight);
      return norm * norm;
    }
    double left = Math.max(0, products.forget() - backwards * products.inner());
    return retainWeight * retainWeight * products.retain() + forgetWeight * forgetWeight * left;
  }
}
