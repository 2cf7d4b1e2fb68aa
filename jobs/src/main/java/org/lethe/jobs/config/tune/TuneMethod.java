package org.lethe.jobs.config.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.evaluation.tuning.Candidate;
import org.lethe.jobs.config.Choices;

/**
 * A method that tuning can try.
 *
 * @param keys of the method, key=value
 * @param pressure the key that gamma sets; empty for a method without forget pressure
 */
public record TuneMethod(List<String> keys, Optional<String> pressure) {
  private static final String UNLEARN = "lethe.unlearn.";

  /** The methods by name. Register new ones here. */
  static final Choices<TuneMethod> ALL =
      Choices.of("blur-npo", of("npo", "blur", "blur.gamma"))
          .or("npo", of("npo", "weighted-sum", "weighted-sum.forget"))
          .or("simnpo", of("simnpo", "weighted-sum", "weighted-sum.forget"))
          .or("blur-simnpo", of("simnpo", "blur", "blur.gamma"))
          .or("altpo", substituting("weighted-sum", "weighted-sum.forget"))
          .or("blur-altpo", substituting("blur", "blur.gamma"))
          .or(
              "ngdiff",
              new TuneMethod(
                  List.of(
                      UNLEARN + "forget-loss=ga",
                      UNLEARN + "retain-loss=nll",
                      UNLEARN + "direction=ngdiff"),
                  Optional.empty()));

  public TuneMethod {
    keys = List.copyOf(keys);
  }

  private static TuneMethod of(String forgetLoss, String direction, String pressure) {
    return new TuneMethod(
        List.of(
            UNLEARN + "forget-loss=" + forgetLoss,
            UNLEARN + "retain-loss=nll",
            UNLEARN + "direction=" + direction),
        Optional.of(UNLEARN + pressure));
  }

  /** AltPO with substituted answers, since not every model writes other answers. */
  private static TuneMethod substituting(String direction, String pressure) {
    TuneMethod method = of("altpo", direction, pressure);
    List<String> keys = new ArrayList<>(method.keys());
    keys.add(UNLEARN + "alternatives.origin=substitution");
    return new TuneMethod(keys, method.pressure());
  }

  /** The keys of a candidate of this method, key=value. */
  List<String> overrides(Candidate candidate) {
    List<String> overrides = new ArrayList<>(keys);
    pressure.ifPresent(key -> overrides.add(key + "=" + candidate.gamma()));
    overrides.add(UNLEARN + "learning-rate.peak=" + candidate.rate());
    return overrides;
  }
}
