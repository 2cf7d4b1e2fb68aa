package org.lethe.cluster.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.lethe.direction.LayerFigures;

/**
 * One line of metrics/rounds.jsonl. Losses and squared norms are means over the round's steps and
 * workers, weighted by examples. Figures of a loss that the direction does not use are 0.
 *
 * @param round round, counted from 1
 * @param step optimizer steps completed after the round
 * @param forgetLoss mean forget loss
 * @param retainLoss mean retain loss
 * @param forgetSquaredNorm |g_f|^2
 * @param retainSquaredNorm |g_r|^2
 * @param innerProduct &lt;g_r, g_f&gt;
 * @param rho &lt;g_r, g_f&gt; / |g_f|^2
 * @param directionNorm |d| before clipping
 * @param dualVariable variable that the direction carries to the next round (PDU's retain weight),
 *     or 0
 * @param learningRate learning rate of the round's last step
 * @param forgetExamples forget examples used by all workers
 * @param retainExamples retain examples used by all workers
 * @param tokens tokens of all batches, including prompts, without padding
 * @param seconds duration of the round, without checkpoint and probe
 * @param workerSeconds time in which at least one worker computed
 * @param sparkSeconds the rest: broadcast, scheduling, transport, averaging
 * @param checkpointSeconds duration of the checkpoint before this round, or 0 if there was none
 * @param monitorSeconds duration of the readings after this round, or 0 without stop rules
 * @param layers squared norms and inner product by layer, from the input on
 * @param kernels kernels of the workers' products; more than one if executors have different
 *     processors
 */
@JsonPropertyOrder(alphabetic = false)
public record RoundMetrics(
    int round,
    long step,
    @JsonProperty("forget_loss") double forgetLoss,
    @JsonProperty("retain_loss") double retainLoss,
    @JsonProperty("forget_squared_norm") double forgetSquaredNorm,
    @JsonProperty("retain_squared_norm") double retainSquaredNorm,
    @JsonProperty("inner_product") double innerProduct,
    double rho,
    @JsonProperty("direction_norm") double directionNorm,
    @JsonProperty("dual_variable") double dualVariable,
    @JsonProperty("learning_rate") double learningRate,
    @JsonProperty("forget_examples") long forgetExamples,
    @JsonProperty("retain_examples") long retainExamples,
    long tokens,
    double seconds,
    @JsonProperty("worker_seconds") double workerSeconds,
    @JsonProperty("spark_seconds") double sparkSeconds,
    @JsonProperty("checkpoint_seconds") double checkpointSeconds,
    @JsonProperty("monitor_seconds") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        double monitorSeconds,
    List<Layer> layers,
    List<String> kernels) {

  /**
   * One layer's share of the squared norms and of the inner product.
   *
   * @param name {@code layers.3}, {@code embed_tokens}
   * @param forgetSquaredNorm |g_f|^2
   * @param retainSquaredNorm |g_r|^2
   * @param innerProduct &lt;g_r, g_f&gt;
   */
  public record Layer(
      String name,
      @JsonProperty("forget_squared_norm") double forgetSquaredNorm,
      @JsonProperty("retain_squared_norm") double retainSquaredNorm,
      @JsonProperty("inner_product") double innerProduct) {
    static Layer of(LayerFigures figures) {
      return new Layer(
          figures.layer(),
          figures.forgetSquaredNorm(),
          figures.retainSquaredNorm(),
          figures.innerProduct());
    }
  }

  public RoundMetrics {
    // Lines of older versions have neither.
    layers = layers == null ? List.of() : List.copyOf(layers);
    kernels = kernels == null ? List.of() : List.copyOf(kernels);
  }
}
