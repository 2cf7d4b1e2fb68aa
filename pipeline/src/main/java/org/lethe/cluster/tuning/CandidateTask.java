package org.lethe.cluster.tuning;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.run.Documents;
import org.lethe.run.PhaseHook;
import org.lethe.store.FileSystems;

/** Trains candidates in turn and writes the result of each as soon as it is known. */
record CandidateTask(TuningPlan plan, Broadcast<SerializableConfiguration> hadoop)
    implements FlatMapFunction<Iterator<CandidateWork>, CandidateTask.Report> {

  /**
   * How a candidate ended. Tasks do not throw, because a retry would fail again.
   *
   * @param failure exit class of the failure, or SUCCESS
   * @param message cause of the failure, or empty
   */
  record Report(ExitClass failure, String message) implements Serializable {
    void orThrow() {
      if (failure != ExitClass.SUCCESS) {
        throw new LetheException(failure, message);
      }
    }
  }

  @Override
  public Iterator<Report> call(Iterator<CandidateWork> candidates) {
    List<Report> reports = new ArrayList<>();
    candidates.forEachRemaining(work -> reports.add(run(work)));
    return reports.iterator();
  }

  private Report run(CandidateWork work) {
    Configuration configuration = hadoop.value().value();
    Path file = new Path(plan.folder(), work.file());
    try {
      FileSystem files = FileSystems.of(file, configuration);
      // A retry finds the results of its first attempt.
      if (!Documents.exists(files, file)) {
        Documents.write(files, file, new CandidateRun(plan, work, configuration).run());
        PhaseHook.reached("tune:candidate");
      }
      return new Report(ExitClass.SUCCESS, "");
    } catch (LetheException e) {
      return new Report(e.exitClass(), e.getMessage());
    } catch (IOException e) {
      throw RunErrors.io("writing", file.toString(), e);
    }
  }
}
