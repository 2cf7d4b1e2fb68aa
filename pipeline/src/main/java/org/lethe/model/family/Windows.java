package org.lethe.model.family;

import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.lethe.compute.Scores;

/** Scores of layers of which some have a sliding window. */
final class Windows {
  /** Window of transformers if config.json does not name one. */
  private static final OptionalInt DEFAULT = OptionalInt.of(4096);

  private Windows() {}

  /** As in Qwen: windows are off unless a key says otherwise, and start at a layer. */
  static IntFunction<Scores> afterFirst(ConfigKeys keys, Sizes sizes) {
    int first = keys.has("max_window_layers") ? keys.node("max_window_layers").asInt() : 28;
    IntPredicate sliding = keys.slidingLayers(sizes.layers(), layer -> layer >= first);
    OptionalInt window =
        keys.flag("use_sliding_window")
            ? keys.window("sliding_window", DEFAULT, sizes.maxPositions())
            : OptionalInt.empty();
    return layer -> sliding.test(layer) ? sizes.scores().within(window) : sizes.scores();
  }

  /**
   * As in Gemma: every layer but each n-th has a window.
   *
   * @param full scores of layers without a window
   * @param interval n
   */
  static IntFunction<Scores> exceptEach(ConfigKeys keys, Sizes sizes, Scores full, int interval) {
    IntPredicate sliding = slidingExceptEach(keys, sizes, interval);
    OptionalInt window = keys.window("sliding_window", DEFAULT, sizes.maxPositions());
    return layer -> sliding.test(layer) ? full.within(window) : full;
  }

  /** The layers that have a window in {@link #exceptEach}. */
  static IntPredicate slidingExceptEach(ConfigKeys keys, Sizes sizes, int interval) {
    return keys.slidingLayers(sizes.layers(), layer -> (layer + 1) % interval != 0);
  }
}
