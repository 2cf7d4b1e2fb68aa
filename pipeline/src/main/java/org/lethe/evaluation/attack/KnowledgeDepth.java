package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.AnswerLikelihood;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.NotMeasured;
import org.lethe.evaluation.TokenScores;
import org.lethe.text.Example;

/**
 * The unlearning depth score (repository unlearning-depth-score): in how many blocks the knowledge
 * of the forget rows is gone. The activations of a retrained model replace those of the initial
 * model, after one block at a time. Blocks whose replacement costs the answer more than {@link
 * #LEAST_DROP} nats a token hold knowledge. The same replacement with the attacked model's
 * activations shows how much of it is gone:
 *
 * <p>UDS = sum of d1 clip(d2 / d1, 0, 1) / sum of d1, over these blocks, with d1 the drop of the
 * mean log-probability from the retrained model and d2 that from the attacked one. 1: gone, 0:
 * still there. The positions are those that predict the answer without its end token, or only those
 * that predict the words that the user marked in it.
 */
final class KnowledgeDepth implements Attack {
  static final String KEY = "depth";

  /** The repository's threshold. */
  static final double LEAST_DROP = 0.05;

  private static final String FORGET = "forget";
  private static final String SCORE = "uds";

  /** Variant of the initial model; after it come the retrained and the attacked one by block. */
  private static final int OWN = 0;

  /** The repository's scopes. */
  enum Scope {
    /** The whole answer. */
    FULL,
    /** The marked words of the answer; rows without any are not measured. */
    ENTITY
  }

  private final Scope scope;

  KnowledgeDepth(Scope scope) {
    this.scope = scope;
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public boolean targets(String set) {
    return set.equals(FORGET);
  }

  @Override
  public Set<OtherModel> otherModels() {
    return Set.of(OtherModel.INITIAL, OtherModel.RETRAINED);
  }

  @Override
  public List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    List<AttackedRow> scored = new ArrayList<>();
    List<Example> examples = new ArrayList<>();
    List<AttackRow> attempts = new ArrayList<>();
    for (AttackedRow row : rows) {
      Optional<Example> example = example(row, model);
      if (example.isPresent()) {
        scored.add(row);
        examples.add(example.get());
      } else {
        attempts.add(AttackRow.missing(KEY, OWN, row, NotMeasured.Reason.NO_ENTITY));
      }
    }
    attempts.addAll(
        model
            .scorePatched(examples)
            .map(patched -> attempts(patched, scored))
            .orElseGet(
                () ->
                    scored.stream()
                        .map(row -> AttackRow.missing(KEY, OWN, row, NotMeasured.Reason.NO_CONTROL))
                        .toList()));
    return attempts;
  }

  private Optional<Example> example(AttackedRow row, AttackModel model) {
    return scope == Scope.FULL
        ? Optional.of(row.example())
        : MarkedWords.example(row, model.encoder());
  }

  private static List<AttackRow> attempts(AttackModel.Patched patched, List<AttackedRow> rows) {
    List<AttackRow> attempts = new ArrayList<>(attempts(OWN, patched.own(), rows));
    for (int block = 0; block < patched.fromRetrained().size(); block++) {
      attempts.addAll(attempts(fromRetrained(block), patched.fromRetrained().get(block), rows));
      attempts.addAll(attempts(fromAttacked(block), patched.fromAttacked().get(block), rows));
    }
    return attempts;
  }

  private static int fromRetrained(int block) {
    return 1 + 2 * block;
  }

  private static int fromAttacked(int block) {
    return 2 + 2 * block;
  }

  private static List<AttackRow> attempts(
      int variant, List<TokenScores> scores, List<AttackedRow> rows) {
    List<AttackRow> attempts = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      double[] losses = scores.get(i).losses();
      if (losses.length < 2) {
        attempts.add(AttackRow.missing(KEY, variant, rows.get(i), NotMeasured.Reason.NO_TOKENS));
        continue;
      }
      double loss = AnswerLikelihood.meanLoss(Arrays.copyOf(losses, losses.length - 1));
      if (!Double.isFinite(loss)) {
        throw EvaluationErrors.notFinite(Quantity.LOSS.key(), loss, rows.get(i).id());
      }
      Map<Quantity, Double> quantities = new EnumMap<>(Map.of(Quantity.LOSS, loss));
      attempts.add(AttackRow.measured(KEY, variant, rows.get(i), quantities));
    }
    return attempts;
  }

  /** A pass of the head and of all blocks for each block and model. */
  @Override
  public long work(AttackedRow row) {
    return 64L * row.example().tokens().length;
  }

  @Override
  public String figureNames() {
    return SCORE;
  }

  /** The mean over rows with knowledge in some block, as in the repository. */
  @Override
  public EvaluationFigures figures(Attempts attempts, long seed) {
    SortedMap<String, Figure> measured = new TreeMap<>();
    SortedMap<String, NotMeasured> notMeasured = new TreeMap<>();
    for (String set : attempts.sets(KEY)) {
      String name = Attack.figure(set, KEY, SCORE);
      List<List<AttackRow>> rows = attempts.rows(KEY, set);
      double[] scores = rows.stream().flatMapToDouble(row -> score(row).stream()).toArray();
      if (scores.length > 0) {
        measured.put(name, Figure.of(scores, seed));
      } else {
        NotMeasured.Reason reason =
            rows.stream()
                .flatMap(List::stream)
                .flatMap(row -> row.missing().stream())
                .findFirst()
                .orElse(NotMeasured.Reason.NO_KNOWLEDGE);
        notMeasured.put(name, new NotMeasured(reason, rows.size(), rows.size()));
      }
    }
    return new EvaluationFigures(measured, notMeasured);
  }

  /** The score of a row, by its attempts in the order of their variants; empty if none has one. */
  static OptionalDouble score(List<AttackRow> row) {
    SortedMap<Integer, Double> losses = new TreeMap<>();
    row.forEach(
        attempt ->
            attempt.quantity(Quantity.LOSS).ifPresent(loss -> losses.put(attempt.variant(), loss)));
    double known = 0;
    double gone = 0;
    for (int block = 0; losses.containsKey(fromAttacked(block)); block++) {
      double own = losses.get(OWN);
      double retrained = losses.get(fromRetrained(block)) - own;
      double attacked = losses.get(fromAttacked(block)) - own;
      if (retrained > LEAST_DROP) {
        known += retrained;
        gone += retrained * Math.max(0, Math.min(1, attacked / retrained));
      }
    }
    return known > 0 ? OptionalDouble.of(gone / known) : OptionalDouble.empty();
  }
}
