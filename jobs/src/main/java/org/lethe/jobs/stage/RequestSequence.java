package org.lethe.jobs.stage;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RequestBinding.Request;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.console.Outcome;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.retention.Deletion;

/**
 * A run that answers several erasure requests in order. Each request is a run of its own below
 * {@code requests/ID}, with its own forget files and gates and the shared retain files. It begins
 * with the model that the request before released. It also evaluates the forget sets of all earlier
 * requests, to see whether their forgetting lasts.
 *
 * <p>A refused request ends the sequence, since later requests would begin with a refused model. A
 * second start skips finished requests.
 */
public final class RequestSequence {
  static final String FOLDER = "requests";

  private static final List<Stage> OF_REQUEST =
      List.of(Stage.SHARD, Stage.UNLEARN, Stage.EVALUATE, Stage.RELEASE);

  private final JobContext context;
  private final List<Request> requests;
  private final List<Stage> stages;
  private final List<AnsweredRequest> begun = new ArrayList<>();

  public RequestSequence(JobContext context, List<Request> requests, List<Stage> stages) {
    this.context = context;
    this.requests = requests;
    this.stages = stages;
  }

  /** Returns the plan of each request; fails if the configuration of one is invalid. */
  public static List<RunPlan> plans(
      Configuration configuration, List<Request> requests, List<Stage> stages) {
    List<RunPlan> plans = new ArrayList<>();
    for (Request request : requests) {
      plans.add(plan(configuration.with(List.of(), request.overrides()), OF_REQUEST));
    }
    if (!requests.isEmpty() && stages.contains(Stage.FINETUNE)) {
      plans.add(plan(ofAll(configuration, requests), List.of(Stage.SHARD, Stage.FINETUNE)));
    }
    return List.copyOf(plans);
  }

  /** Runs the missing requests. */
  public Outcome run() {
    try {
      URI model = begin();
      for (int i = 0; i < requests.size(); i++) {
        context
            .terminal()
            .line(
                String.format(
                    Locale.ROOT,
                    "Request %d of %d: %s",
                    i + 1,
                    requests.size(),
                    requests.get(i).id()));
        model = answer(requests.get(i), model);
      }
    } finally {
      conclude();
    }
    SortedMap<String, Double> figures = figures();
    // After the last request, because each one is measured on the rows of earlier ones.
    begun.forEach(one -> Deletion.whenDue(one.directory(), Instant.now()));
    Deletion.whenDue(context.directory(), Instant.now());
    return new Outcome(
        requests.size() + " requests done: " + context.directory(), figures, paths());
  }

  /** The model that the first request begins with: the given one, or one trained on all rows. */
  private URI begin() {
    if (!stages.contains(Stage.FINETUNE)) {
      return plan(context.configuration(), List.of()).model().uri();
    }
    Configuration configuration = ofAll(context.configuration(), requests);
    List<Stage> first = List.of(Stage.SHARD, Stage.FINETUNE);
    RunStages work = new RunStages(context.with(configuration), plan(configuration, first));
    work.check(first);
    first.forEach(work::run);
    return work.artifacts().inputModel();
  }

  private URI answer(Request request, URI model) {
    List<String> overrides = new ArrayList<>(request.overrides());
    overrides.add("lethe.model.path=" + model);
    Configuration configuration = context.configuration().with(List.of(), overrides);
    RunDirectory directory = context.directory().nested(FOLDER).nested(request.id());
    JobContext own = context.in(directory).with(configuration).of(request.id());
    RunPlan plan = plan(configuration, OF_REQUEST);
    RunStages work = new RunStages(own, plan);
    work.check(OF_REQUEST);
    List<AnsweredRequest> before = List.copyOf(begun);
    begun.add(new AnsweredRequest(request.id(), work.artifacts(), directory));
    work.run(Stage.SHARD);
    work.run(Stage.UNLEARN);
    work.run(Stage.EVALUATE);
    work.evaluateEarlier(before);
    work.run(Stage.RELEASE);
    return directory.model().toUri();
  }

  /** Writes the record of the answered requests, after a refusal or a failure too. */
  private void conclude() {
    List<AnsweredRequest> recorded =
        begun.stream()
            .filter(one -> Documents.exists(one.directory().fileSystem(), one.directory().record()))
            .toList();
    if (recorded.isEmpty()) {
      return;
    }
    new SequenceRecord(context, recorded).write();
    SequenceTable.lines(recorded).forEach(context.terminal()::line);
    context.terminal().line("");
  }

  private SortedMap<String, Double> figures() {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (AnsweredRequest one : begun) {
      for (String when : List.of("before", "after")) {
        one.artifacts()
            .figures(when)
            .means()
            .forEach((name, value) -> figures.put(one.id() + "." + when + "." + name, value));
      }
    }
    return figures;
  }

  private SortedMap<String, String> paths() {
    SortedMap<String, String> paths = new TreeMap<>();
    for (Path path : List.of(context.directory().record(), context.directory().report())) {
      paths.put(path.getName(), context.directory().relative(path));
    }
    for (AnsweredRequest one : begun) {
      paths.put(FOLDER + "/" + one.id(), context.directory().relative(one.directory().root()));
    }
    AnsweredRequest last = begun.get(begun.size() - 1);
    paths.put("model", context.directory().relative(last.directory().model()));
    return paths;
  }

  private static Configuration ofAll(Configuration configuration, List<Request> requests) {
    List<String> forget = new ArrayList<>();
    for (Request request : requests) {
      forget.addAll(
          configuration.with(List.of(), request.overrides()).reader().texts("lethe.corpus.forget"));
    }
    return configuration.with(
        List.of(), List.of("lethe.corpus.forget=" + ConfigurationReader.rendered(forget)));
  }

  private static RunPlan plan(Configuration configuration, List<Stage> stages) {
    ConfigurationReader reader = configuration.reader();
    RunPlan plan = RunPlan.read(reader, stages);
    reader.done();
    return plan;
  }
}
