package org.lethe.cluster.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.AttackRows;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.attack.Attack;
import org.lethe.evaluation.attack.AttackModel;
import org.lethe.evaluation.attack.AttackRow;
import org.lethe.evaluation.attack.AttackedRow;
import org.lethe.evaluation.attack.Attacks;

/** One worker's part of the attacks, without Spark. */
final class AttackTask {
  /** Rows in one unit of work. Fixed, so that the same rows always share a pass. */
  private static final int UNIT = 16;

  private static final double NANOS = 1e9;

  private final AttackRequest request;
  private final Configuration hadoop;

  AttackTask(AttackRequest request, Configuration hadoop) {
    this.request = request;
    this.hadoop = hadoop;
  }

  /**
   * A worker's report to the driver. Rows travel through files, so that Spark sees no text.
   *
   * @param seconds time of each attack
   * @param failure exit class of the failure, or SUCCESS
   * @param message cause of the failure, or empty
   */
  record Report(SortedMap<String, Double> seconds, ExitClass failure, String message)
      implements Serializable {
    Report orThrow() {
      if (failure != ExitClass.SUCCESS) {
        throw new LetheException(failure, message);
      }
      return this;
    }
  }

  /** An attack on some rows of one set. */
  record Unit(Attack attack, List<AttackedRow> rows) {}

  static Path parts(AttackRequest request) {
    return new Path(request.folder(), "parts");
  }

  static Path part(AttackRequest request, int worker) {
    return new Path(parts(request), String.format(Locale.ROOT, "part-%05d.parquet", worker));
  }

  private AttackSample.Sample sample() {
    return new AttackSample(request.settings(), request.tokenizer(), hadoop)
        .of(request.shards(), request.rows());
  }

  /** The units of each worker: all rows of an attack that needs a second model go to one. */
  private List<List<Unit>> units(Map<String, List<AttackedRow>> rows) {
    List<List<Unit>> units = new ArrayList<>();
    for (int worker = 0; worker < request.workers(); worker++) {
      units.add(new ArrayList<>());
    }
    int next = 0;
    int nextOfSecondModels = 0;
    for (Attack attack : Attacks.of(request.settings())) {
      for (Map.Entry<String, List<AttackedRow>> set : rows.entrySet()) {
        List<AttackedRow> targets = attack.targets(set.getKey()) ? set.getValue() : List.of();
        for (int from = 0; from < targets.size(); from += UNIT) {
          int worker = attack.needsSecondModel() ? nextOfSecondModels : next++;
          units
              .get(worker % request.workers())
              .add(new Unit(attack, targets.subList(from, Math.min(from + UNIT, targets.size()))));
        }
      }
      nextOfSecondModels += attack.needsSecondModel() ? 1 : 0;
    }
    return units;
  }

  /** Number of units of all workers. */
  long total() {
    return units(sample().rows()).stream().mapToLong(List::size).sum();
  }

  /** Tries one worker's units and writes its rows. Reports each finished unit. */
  Report run(int worker, LongConsumer finished) {
    SortedMap<String, Double> seconds = new TreeMap<>();
    try {
      AttackSample.Sample sample = sample();
      List<Unit> units = units(sample.rows()).get(worker);
      List<AttackRow> rows =
          units.isEmpty()
              ? List.of()
              : request
                  .model()
                  .use(hadoop, sample.lessons(), model -> attempt(model, units, seconds, finished));
      AttackRows.write(rows, part(request, worker), hadoop);
      return new Report(seconds, ExitClass.SUCCESS, "");
    } catch (LetheException e) {
      return new Report(seconds, e.exitClass(), e.getMessage());
    }
  }

  private static List<AttackRow> attempt(
      AttackModel model,
      List<Unit> units,
      SortedMap<String, Double> seconds,
      LongConsumer finished) {
    List<AttackRow> rows = new ArrayList<>();
    for (Unit unit : units) {
      long start = System.nanoTime();
      rows.addAll(unit.attack().attempt(model, unit.rows()));
      seconds.merge(unit.attack().key(), (System.nanoTime() - start) / NANOS, Double::sum);
      finished.accept(1);
    }
    return rows;
  }
}
