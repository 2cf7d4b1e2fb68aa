package org.lethe.jobs.stage;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.StartingAdapter;
import org.lethe.jobs.console.Progress;
import org.lethe.model.Decoder;
import org.lethe.model.directory.AdapterDirectory;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.run.Digests;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/**
 * The model that a run begins with if an existing adapter is merged into it: a model directory in
 * the run, with weights in the dtypes of the given model. All stages then work with this model.
 */
public final class MergedStart {
  private static final String NAME = "merged";

  private final JobContext job;
  private final RunPlan plan;

  public MergedStart(JobContext job, RunPlan plan) {
    this.job = job;
    this.plan = plan;
  }

  /** Writes the merged model unless it exists; empty if the run has no adapter to merge. */
  public Optional<URI> model() {
    return plan.model().toMerge().map(this::merge);
  }

  /** The run with the merged model in place of the one that the user named. */
  public JobContext context(URI merged) {
    return job.with(
        job.configuration()
            .withCopies(List.of("lethe.model.path=" + merged, StartingAdapter.PATH + "=null")));
  }

  private URI merge(URI adapter) {
    RunArtifacts artifacts = new RunArtifacts(job, plan);
    Path target = job.directory().nested(NAME).model();
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("model", artifacts.givenModelDigest());
    digests.putAll(artifacts.digests("adapter", adapter));
    StageContext context = new StageContext(job, plan, artifacts, EarlierReveals.NONE);
    Progress progress = job.progress(NAME);
    try {
      Stages.Outcome outcome =
          job.stages()
              .run(
                  context.inputs(NAME, digests, Sections.of()),
                  target,
                  Partial.DISCARD,
                  () -> write(artifacts, adapter, Digests.of(digests), target));
      progress.finish("adapter merged into the model", outcome);
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
    return target.toUri();
  }

  private void write(RunArtifacts artifacts, URI adapter, String digest, Path target) {
    Configuration hadoop = job.spark().hadoopConfiguration();
    AdapterDirectory factors = plan.model().openAdapter(adapter, hadoop);
    URI given = plan.model().uri();
    PretrainedDecoder source =
        artifacts.source(given, digest, factors.adapter()).withFactors(adapter, digest);
    try (Decoder decoder = source.load(hadoop)) {
      new ModelDirectoryWriter(hadoop)
          .write(target.toUri(), artifacts.openModel(given.toString()), decoder::forEachTensor);
    }
  }
}
