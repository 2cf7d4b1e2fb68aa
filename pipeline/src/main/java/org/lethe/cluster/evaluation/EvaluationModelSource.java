package org.lethe.cluster.evaluation;

import java.io.Serializable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.AnswerModel;

/** Where executors get the model to evaluate. */
public interface EvaluationModelSource extends Serializable {
  /** Lends the model to the work, on the calling thread, and takes it back. */
  <T> T use(Configuration hadoop, Function<AnswerModel, T> work);
}
