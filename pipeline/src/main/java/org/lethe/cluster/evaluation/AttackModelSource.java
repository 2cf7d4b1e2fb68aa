package org.lethe.cluster.evaluation;

import java.io.Serializable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.attack.AttackModel;

/** Provides the model to attack on executors. */
public interface AttackModelSource extends Serializable {
  /** Runs the work with the model, on the calling thread. */
  <T> T use(Configuration hadoop, Function<AttackModel, T> work);
}
