package org.lethe.cluster.evaluation;

import java.io.Serializable;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.lethe.evaluation.attack.AttackModel;
import org.lethe.evaluation.attack.Lesson;

/** Provides the model to attack on executors. */
public interface AttackModelSource extends Serializable {
  /**
   * Runs the work with the model, on the calling thread.
   *
   * @param lessons what attacks may teach it
   */
  <T> T use(Configuration hadoop, Map<Lesson.Kind, Lesson> lessons, Function<AttackModel, T> work);
}
