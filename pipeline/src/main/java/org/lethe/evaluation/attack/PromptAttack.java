package org.lethe.evaluation.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.NotMeasured.Reason;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;

/** An attack by other prompts, with the row's own answer scored behind each. */
abstract class PromptAttack implements Attack {
  private final String key;
  private final int variants;

  /**
   * @param variants largest number of prompts for a row
   */
  PromptAttack(String key, int variants) {
    this.key = key;
    this.variants = variants;
  }

  /** Returns the tokens of the prompt of a variant; empty if the row has no such variant. */
  abstract Optional<int[]> prompt(AttackedRow row, int variant, ExampleEncoder encoder, int room);

  /** Why a row has no variant at all. */
  abstract Reason missing();

  @Override
  public final String key() {
    return key;
  }

  /** Largest number of prompts for a row. */
  int variants(AttackedRow row) {
    return variants;
  }

  @Override
  public final List<AttackRow> attempt(AttackModel model, List<AttackedRow> rows) {
    List<AttackedRow> tried = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    List<Example> examples = new ArrayList<>();
    List<AttackRow> attempts = new ArrayList<>();
    for (AttackedRow row : rows) {
      int before = tried.size();
      int room = model.positions() - row.example().completionTokens();
      for (int variant = 0; variant < variants(row); variant++) {
        Optional<int[]> prompt =
            room < 1 ? Optional.empty() : prompt(row, variant, model.encoder(), room);
        if (prompt.isPresent()) {
          tried.add(row);
          numbers.add(variant);
          examples.add(TeacherForced.behind(prompt.get(), row));
        }
      }
      if (tried.size() == before) {
        attempts.add(AttackRow.missing(key, 0, row, room < 1 ? Reason.CONTEXT_FULL : missing()));
      }
    }
    if (!examples.isEmpty()) {
      List<AttackRow> scored = TeacherForced.rows(key, 0, tried, model.score(examples));
      for (int i = 0; i < scored.size(); i++) {
        attempts.add(
            AttackRow.measured(key, numbers.get(i), tried.get(i), scored.get(i).quantities()));
      }
    }
    return attempts;
  }

  @Override
  public final String figureNames() {
    return TeacherForced.NAMES;
  }

  @Override
  public final EvaluationFigures figures(Attempts attempts, long seed) {
    return RowFigures.of(key, attempts, TeacherForced.QUANTITIES, seed);
  }

  /** A text in front of another one, on a line of its own. */
  static String inFront(String text, String prompt) {
    return prompt.isBlank() ? text : text + "\n" + prompt;
  }
}
