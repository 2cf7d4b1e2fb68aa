package org.lethe.reveal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.lethe.reveal.search.WeightSearch.Point;
import org.lethe.reveal.search.WeightSearch.Settings;

final class WeightSearchTest {
  private static final Point NOTHING = new Point(0, 0.95, 1);
  private static final Settings SETTINGS = new Settings(List.of(0.2, 0.4, 0.8), 0.3, 0.1);

  @Test
  void weightsGrowUntilEnoughIsForgotten() {
    List<Point> done = search(weight -> new Point(weight, 0.7 - weight, 1 + weight / 100));

    assertThat(done).extracting(Point::weight).containsExactly(0.2, 0.4);
    assertThat(chosen(done).weight()).isEqualTo(0.4);
  }

  @Test
  void theLastWeightThatKeepsWhatIsToBeKeptIsTaken() {
    List<Point> done = search(weight -> new Point(weight, 0.9, 1 + weight / 4));

    assertThat(done).extracting(Point::weight).containsExactly(0.2, 0.4, 0.8);
    assertThat(chosen(done).weight()).isEqualTo(0.4);
    List<Point> tooMuch = search(weight -> new Point(weight, 0.9, 1 + weight));
    assertThat(tooMuch).hasSize(1);
  }

  @Test
  void ifNoneKeepsItTheGatesJudgeTheSmallest() {
    assertThat(chosen(List.of(new Point(0.2, 0.9, 1.5))).weight()).isEqualTo(0.2);
  }

  @Test
  void wrongSettingsAreNamed() {
    assertThatThrownBy(() -> new Settings(List.of(0.4, 0.2), 0.3, 0.1))
        .hasMessage("Invalid weights: [0.4, 0.2], expected some above 0 in ascending order");
    assertThatThrownBy(() -> new Settings(List.of(), 0.3, 0.1)).hasMessageStartingWith("Invalid");
    assertThatThrownBy(() -> new Point(0.2, Double.NaN, 1))
        .hasMessage("Invalid figures at weight 0.2: NaN, 1.0");
  }

  private static Point chosen(List<Point> done) {
    return WeightSearch.chosen(NOTHING, done, SETTINGS);
  }

  private static List<Point> search(DoubleFunction<Point> evaluation) {
    List<Point> done = new ArrayList<>();
    OptionalDouble next = WeightSearch.next(NOTHING, done, SETTINGS);
    while (next.isPresent()) {
      done.add(evaluation.apply(next.getAsDouble()));
      next = WeightSearch.next(NOTHING, done, SETTINGS);
    }
    return done;
  }
}
