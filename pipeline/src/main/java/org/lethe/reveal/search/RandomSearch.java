package org.lethe.reveal.search;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.lethe.reveal.SeededRandom;

/** Draws arms in an order that the seed determines. */
final class RandomSearch implements ArmSearch {
  private final SearchSettings settings;
  private final int[] order;

  RandomSearch(SearchSettings settings, int arms) {
    this.settings = settings;
    this.order = SeededRandom.of(settings.seed(), "order of arms").permutation(arms);
  }

  @Override
  public Optional<Choice> next(List<Pull> pulls) {
    if (settings.repeats() == SearchSettings.Repeats.ALLOWED && pulls.size() >= opening().size()) {
      int arm = SeededRandom.of(settings.seed(), "pull " + pulls.size()).below(order.length);
      return Optional.of(new Choice(arm, Optional.empty()));
    }
    Set<Integer> tried = pulls.stream().map(Pull::arm).collect(Collectors.toSet());
    return Arrays.stream(order)
        .filter(arm -> !tried.contains(arm))
        .mapToObj(arm -> new Choice(arm, Optional.empty()))
        .findFirst();
  }

  @Override
  public List<Integer> opening() {
    return Arrays.stream(order).limit(settings.initialPulls()).boxed().toList();
  }
}
