package org.lethe.compute;

/**
 * The arithmetic of a decoder. Layers are written against it and run unchanged on every backend.
 * All matrices of a call must belong to the backend that created this object. Results can be read
 * with {@link Matrix#download} and used in further calls.
 *
 * <p>Shapes: N rows, D hidden, F intermediate, H query heads, K key/value heads, S head size, E =
 * (H + 2 K) S, V vocabulary.
 */
public interface Compute {
  /** Whether an operand is read transposed. */
  enum Form {
    AS_IS,
    TRANSPOSED
  }

  /** Forward rotates by the position's angle, backward by its negative. */
  enum Turn {
    FORWARD,
    BACKWARD
  }

  /** A promise that ends when it is closed. */
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Promises that weights, the second factors of products, stay as they are, so that a backend may
   * keep copies of them in another order or width.
   */
  default Hold holdWeights() {
    return () -> {};
  }

  /**
   * Promises that a factor of the next products stays as it is, so that a backend may keep what it
   * made of it. One factor is held at a time.
   */
  default Hold holdFactor(Matrix factor) {
    return () -> {};
  }

  /** c = alpha op(a) op(b) + beta c. */
  void multiply(Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c);

  /**
   * As {@link #multiply}, with factors of the tensors' own precision whatever the configured
   * precision of products. Measured losses depend on the last bits of logits.
   */
  default void multiplyPrecisely(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    multiply(formA, a, formB, b, alpha, beta, c);
  }

  /** out[i] = table[ids[i]]. */
  void gather(Matrix table, int[] ids, Matrix out);

  /** table[ids[i]] += in[i]; rows with the same id are summed. */
  void scatterAdd(Matrix in, int[] ids, Matrix table);

  /** to = from. */
  void copy(Matrix from, Matrix to);

  /** to[rows[i]] = from[i]. */
  default void place(Matrix from, int[] rows, Matrix to) {
    for (int first = 0, end; first < rows.length; first = end) {
      end = first + 1;
      while (end < rows.length && rows[end] == rows[end - 1] + 1) {
        end++;
      }
      copy(from.rows(first, end - first), to.rows(rows[first], end - first));
    }
  }

  /** sum += x. */
  void add(Matrix x, Matrix sum);

  /** out = x minus the mean of its row. Both may be the same matrix. */
  void center(Matrix x, Matrix out);

  /** Sets all elements to zero. */
  void clear(Matrix matrix);

  /** x[n] += bias for every row. */
  void addRow(Matrix bias, Matrix x);

  /** sums += column sums of x. */
  void addColumnSums(Matrix x, Matrix sums);

  /**
   * RMSNorm (Zhang and Sennrich, arXiv 1910.07467, equation 4): out = x inverse weight with inverse
   * = 1 / sqrt(mean(x^2) + epsilon). If inverse has several columns, each row of x is that many
   * groups with a norm each and the same weight.
   *
   * @param x [N, G S]
   * @param weight [1, S]
   * @param inverse filled for the backward pass, [N, G]
   */
  void normalize(Matrix x, Matrix weight, double epsilon, Matrix inverse, Matrix out);

  /** out = x inverse weight with the inverse that {@link #normalize} returned. */
  void renormalize(Matrix x, Matrix weight, Matrix inverse, Matrix out);

  /** dX += gradient of {@link #normalize} with respect to x. */
  void normalizeBackward(Matrix dOut, Matrix x, Matrix weight, Matrix inverse, Matrix dX);

  /** dWeight += sum over rows of dOut x inverse. */
  void normalizeWeightGradient(Matrix dOut, Matrix x, Matrix inverse, Matrix dWeight);

  /**
   * Rotates each head in x, [N, heads * S], in place by the angle of its row's position. Columns of
   * a head beyond those of the tables stay as they are.
   *
   * @param headSize S
   */
  void rotate(Matrix x, int headSize, RotaryTables tables, int[] positions, Turn turn);

  /**
   * Causal attention within each sequence: out[n, h] = softmax(scores(q k)) v.
   *
   * @param starts first row of each sequence, and N at the end, [B + 1]
   * @param qkv [N, E], queries, keys and values side by side, already rotated
   * @param logSums [N, H], log of the softmax denominators, kept for the backward pass
   * @param out [N, H S]
   */
  void attend(Heads heads, int[] starts, Matrix qkv, Matrix logSums, Matrix out);

  /**
   * Gradient of {@link #attend}.
   *
   * @param dQkv overwritten, [N, E]
   */
  void attendBackward(
      Heads heads, int[] starts, Matrix dOut, Matrix qkv, Matrix logSums, Matrix out, Matrix dQkv);

  /**
   * Attention of one new row per sequence over its cache.
   *
   * @param qkv [n, E]; only its queries are read
   * @param cache [slots * capacity, 2 K S], keys and values side by side
   * @param slots the cache slot of each row
   * @param lengths cached rows to attend to, the new one included
   */
  void attendCached(
      Heads heads, Matrix qkv, Matrix cache, int capacity, int[] slots, int[] lengths, Matrix out);

  /** out = f(gate) up (Shazeer, arXiv 2002.05202, equation 6), gateUp [N, 2 F], out [N, F]. */
  void gate(Activation f, Matrix gateUp, Matrix out);

  /** Replaces gateUp by its gradient and leaves f(gate) up in activated. */
  void gateBackward(Activation f, Matrix dOut, Matrix gateUp, Matrix activated);

  /** out = f(x). */
  void activate(Activation f, Matrix x, Matrix out);

  /** Replaces x by its gradient and leaves f(x) in activated. */
  void activateBackward(Activation f, Matrix dOut, Matrix x, Matrix activated);

  /** x = cap tanh(x / cap). */
  void softCap(double cap, Matrix x);

  /** Turns the gradient of capped values into that of the values before {@link #softCap}. */
  void softCapBackward(double cap, Matrix capped, Matrix gradient);

  /** out = x mask, or out += x mask, with one mask per row. */
  void mask(Matrix x, MaskSource masks, double beta, Matrix out);

  /** Fills the mask of one row from index 0. */
  interface MaskSource {
    void fill(int row, float[] mask, int count);
  }

  /**
   * Replaces logits by exp(logit - maximum of the row) and computes what the loss needs.
   *
   * @param losses filled with log(sum exp) - logit[target], [n]
   * @param sums filled with the sums of the exponentials, [n]
   */
  void exponentials(Matrix logits, int[] targets, double[] losses, double[] sums);

  /** logits[row, targets[row]] -= sums[row]: (softmax - one-hot) times the row's sum. */
  void subtractTargets(Matrix exponentials, int[] targets, double[] sums);

  /**
   * Compares softmax(logits) = p with softmax(reference) = q; logits become weights[n] (p - q), the
   * gradient of both measures. The reference is overwritten.
   */
  Comparison compare(Matrix logits, Matrix reference, double[] weights);

  /**
   * Unweighted values for each row.
   *
   * @param divergences KL(q || p), [n]
   * @param crossEntropies -sum q log p, [n]
   */
  record Comparison(double[] divergences, double[] crossEntropies) {}

  /**
   * Jensen-Shannon divergences of softmax(logits) = p and softmax(reference) = q, [n]: the mean of
   * KL(p || m) and KL(q || m) with m = (p + q) / 2. Logits become weights[n] times the gradient, p
   * (log(p / m) - KL(p || m)) / 2. The reference is overwritten.
   */
  default double[] jensenShannon(Matrix logits, Matrix reference, double[] weights) {
    return HostDivergence.jensenShannon(logits, reference, weights);
  }

  /** x[n] *= factors[n]. */
  void scaleRows(double[] factors, Matrix x);

  /** Index of the largest entry of each row; the lowest index wins a tie. */
  int[] largest(Matrix x);

  /** Mean of each row. */
  double[] means(Matrix x);

  /** Sum of squares of each row. */
  double[] squaredNorms(Matrix x);

  /** x[rows[i], columns[i]] for each i. */
  double[] entries(Matrix x, int[] rows, int[] columns);

  /** x[n, columns[n]] = values[n] for each row. */
  void setEntries(Matrix x, int[] columns, double[] values);

  /** Sets all elements of row n to values[n]. */
  void fillRows(double[] values, Matrix x);

  /** x -= y; a y of one row is subtracted from every row. */
  void subtract(Matrix y, Matrix x);

  /**
   * Moments of each row under its own softmax, with s = x - maximum of the row.
   *
   * @param x logits, [n, V]; not changed
   * @param rows row of each entry to return
   * @param columns column of each entry to return
   */
  Moments moments(Matrix x, int[] rows, int[] columns);

  /**
   * Sums for each row. The mean and variance of log p follow from them.
   *
   * @param sums sum of exp(s), [n]
   * @param firsts sum of exp(s) s, [n]
   * @param seconds sum of exp(s) s^2, [n]
   * @param largest first column of the row's maximum, [n]
   * @param shifted s of the requested entries
   */
  record Moments(
      double[] sums, double[] firsts, double[] seconds, int[] largest, double[] shifted) {}
}
