package org.lethe.evaluation.attack;

import java.util.List;
import java.util.Optional;
import org.lethe.evaluation.TokenScores;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;

/** The operations of a model that attacks need. */
public interface AttackModel {
  /** The encoder of prompts. */
  ExampleEncoder encoder();

  /** Maximum number of tokens of a sequence. */
  int positions();

  /** Returns scores of the completion tokens under teacher forcing, [B]. */
  List<TokenScores> score(List<Example> examples);

  /** Returns the same scores after rounding the weights of all linear maps, [B]. */
  List<TokenScores> scoreRounded(WeightRounding rounding, List<Example> examples);

  /**
   * Returns the scores that the activations after each block give when the last norm and head of
   * the initial model read them, [L][B].
   */
  List<List<TokenScores>> scoreByBlock(List<Example> examples);

  /**
   * Samples answers.
   *
   * @param answers number of texts for each example
   * @param seed seed of the texts together with the ids of the examples
   * @return texts, [B][answers]
   */
  List<List<String>> sample(List<Example> examples, int answers, double temperature, long seed);

  /**
   * Returns the mean KL(initial || model) over the completion tokens of each example, in nats, [B];
   * empty if this is the initial model itself.
   */
  Optional<double[]> divergences(List<Example> examples);

  /**
   * Returns the scores after training on a lesson, [B]; empty if the lesson has nothing to teach.
   * The model itself keeps its weights.
   */
  Optional<List<TokenScores>> scoreTaught(Lesson.Kind kind, List<Example> examples);

  /** A model without the forget rows, for the same lessons; empty if there is none. */
  Optional<AttackModel> control();

  /**
   * Returns the scores of the initial model when the activations after one block are those of
   * another model. Empty if there is no retrained model.
   */
  Optional<Patched> scorePatched(List<Example> examples);

  /**
   * Scores of the initial model.
   *
   * @param own with its own activations, [B]
   * @param fromRetrained by the block whose activations are the retrained model's, [L][B]
   * @param fromAttacked by the block whose activations are this model's, [L][B]
   */
  record Patched(
      List<TokenScores> own,
      List<List<TokenScores>> fromRetrained,
      List<List<TokenScores>> fromAttacked) {}
}
