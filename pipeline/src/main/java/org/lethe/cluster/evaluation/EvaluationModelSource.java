package org.lethe.cluster.evaluation;

import java.io.Serializable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.AnswerModel;

/** Provides the model to evaluate on executors. */
public interface EvaluationModelSource extends Serializable {
  /** Runs the work with the model, on the calling thread. */
  <T> T use(Configuration hadoop, Function<AnswerModel, T> work);
}
