package org.lethe.benchmarks;

import java.util.Optional;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.OptimizerState;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitLoss;
import org.lethe.text.Batch;

/** A forget and a retain pass over one batch, then direction, clipping and AdamW. */
record BlurStep(Decoder decoder, Batch batch, Gradients forget, Gradients retain) {
  private static final AdamW OPTIMIZER = new AdamW(0.9, 0.999, 1e-8, 0);
  private static final Blur DIRECTION = new Blur(1, 1e-12);

  OptimizerState newState() {
    return OPTIMIZER.newState(decoder.parameters());
  }

  void passes() {
    LogitLoss loss = LogitLoss.negativeLogLikelihood();
    forget.clear();
    decoder.accumulate(batch, loss, forget);
    retain.clear();
    decoder.accumulate(batch, loss, retain);
  }

  void run(OptimizerState state, long step) {
    passes();
    LossGradients gradients =
        new LossGradients(
            Optional.of(new LossGradient(forget.flat(), 1e-3)),
            Optional.of(new LossGradient(retain.flat(), 1e-3)),
            decoder.layout());
    OPTIMIZER.step(
        decoder.parameters(), DIRECTION.combine(gradients).clipped(1), state, step, 1e-9);
  }
}
