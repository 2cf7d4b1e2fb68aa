package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.lethe.compute.Matrix;
import org.lethe.evaluation.TokenScores;
import org.lethe.evaluation.TokenScoring;
import org.lethe.model.Decoder;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * The models that attacks on request need besides the attacked one. All are loaded when they are
 * first needed. A copy that was taught stays until another lesson is asked for.
 */
public final class DecoderOnRequest implements AutoCloseable {
  private final Map<Lesson.Kind, Lesson> lessons;
  private final Supplier<Decoder> trainable;
  private final Optional<Supplier<AttackModel>> control;
  private final Optional<Supplier<Decoder>> retrained;
  private Optional<Taught> taught = Optional.empty();

  private record Taught(Lesson.Kind lesson, Decoder decoder) {}

  /**
   * @param lessons what can be taught
   * @param trainable loads a copy of the attacked model with gradients of all weights
   * @param control a model without the forget rows; the supplier keeps it
   * @param retrained a model that was trained without the forget rows; the supplier keeps it
   */
  public DecoderOnRequest(
      Map<Lesson.Kind, Lesson> lessons,
      Supplier<Decoder> trainable,
      Optional<Supplier<AttackModel>> control,
      Optional<Supplier<Decoder>> retrained) {
    this.lessons = Map.copyOf(lessons);
    this.trainable = trainable;
    this.control = control;
    this.retrained = retrained;
  }

  Optional<List<TokenScores>> scoreTaught(Lesson.Kind kind, List<Example> examples) {
    return Optional.ofNullable(lessons.get(kind))
        .filter(lesson -> !lesson.examples().isEmpty())
        .map(lesson -> DecoderAttackModel.score(taught(kind, lesson), examples));
  }

  private Decoder taught(Lesson.Kind kind, Lesson lesson) {
    if (taught.isEmpty() || taught.get().lesson() != kind) {
      close();
      Decoder copy = trainable.get();
      taught = Optional.of(new Taught(kind, copy));
      lesson.teach(copy);
    }
    return taught.get().decoder();
  }

  Optional<AttackModel> control() {
    return control.map(Supplier::get);
  }

  /** See {@link AttackModel#scorePatched}. */
  Optional<AttackModel.Patched> scorePatched(
      Decoder attacked, Optional<Decoder> initial, List<Example> examples) {
    return initial.flatMap(
        patched -> retrained.map(other -> patched(attacked, patched, other.get(), examples)));
  }

  private static AttackModel.Patched patched(
      Decoder attacked, Decoder initial, Decoder retrained, List<Example> examples) {
    List<TokenScores> own = new ArrayList<>();
    List<List<TokenScores>> fromRetrained = byBlock(initial);
    List<List<TokenScores>> fromAttacked = byBlock(initial);
    for (Batch batch : DecoderAttackModel.passes(examples)) {
      own.addAll(TokenScoring.score(batch, initial::forward));
      score(batch, retrained, initial, fromRetrained);
      score(batch, attacked, initial, fromAttacked);
    }
    return new AttackModel.Patched(own, fromRetrained, fromAttacked);
  }

  private static List<List<TokenScores>> byBlock(Decoder decoder) {
    List<List<TokenScores>> scores = new ArrayList<>();
    for (int block = 0; block < decoder.architecture().layers(); block++) {
      scores.add(new ArrayList<>());
    }
    return scores;
  }

  /** Adds the scores of a batch when one model's activations replace those of another. */
  private static void score(
      Batch batch, Decoder from, Decoder patched, List<List<TokenScores>> byBlock) {
    List<Matrix> activations = new ArrayList<>();
    for (int block = 0; block < byBlock.size(); block++) {
      int current = block;
      byBlock
          .get(block)
          .addAll(
              TokenScoring.score(
                  batch,
                  (read, chunks) -> {
                    if (activations.isEmpty()) {
                      activations.addAll(from.lens().activations(read));
                    }
                    patched.lens().patched(read, current, activations.get(current), chunks);
                  }));
    }
    activations.forEach(Matrix::close);
  }

  /** Frees the copy that was taught. */
  @Override
  public void close() {
    taught.ifPresent(copy -> copy.decoder().close());
    taught = Optional.empty();
  }
}
