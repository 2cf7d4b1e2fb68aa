package org.lethe.jobs.stage;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RequestBinding;
import org.lethe.jobs.config.RequestBinding.Request;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.console.Outcome;
import org.lethe.run.Documents;
import org.lethe.run.Gate;
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
 *
 * <p>{@code lethe.requests-at-once} groups requests into batches, see {@link #batch}. A request of
 * a batch that is refused does not end the sequence.
 */
public final class RequestSequence {
  static final String FOLDER = "requests";

  /** Ends of a request after which the others of its batch go on. */
  private static final Set<ExitClass> REFUSALS =
      Set.of(ExitClass.GATE, ExitClass.NO_BASELINE, ExitClass.DIVERGED, ExitClass.NO_EFFECT);

  private static final List<Stage> OF_REQUEST =
      List.of(Stage.SHARD, Stage.UNLEARN, Stage.EVALUATE, Stage.RELEASE);

  private final JobContext context;
  private final List<Request> requests;
  private final List<Stage> stages;
  private final int atOnce;
  private final List<AnsweredRequest> begun = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private URI model;

  public RequestSequence(JobContext context, List<Request> requests, List<Stage> stages) {
    this.context = context;
    this.requests = requests;
    this.stages = stages;
    this.atOnce = RequestBinding.atOnce(context.configuration().reader());
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
      model = begin();
      for (int from = 0; from < requests.size(); from += atOnce) {
        List<Request> group = requests.subList(from, Math.min(from + atOnce, requests.size()));
        if (atOnce == 1) {
          say("Request %d of %d: %s", from + 1, requests.size(), group.get(0).id());
          model = answer(group.get(0), model);
        } else {
          say("Requests %d to %d of %d", from + 1, from + group.size(), requests.size());
          batch("batch-" + (from / atOnce + 1), group);
        }
      }
    } finally {
      conclude();
    }
    SortedMap<String, Double> figures = figures();
    // After the last request, because each one is measured on the rows of earlier ones.
    begun.forEach(one -> Deletion.whenDue(one.directory(), Instant.now()));
    Deletion.whenDue(context.directory(), Instant.now());
    if (!refused.isEmpty()) {
      throw RunErrors.requestsRefused(refused, requests.size());
    }
    return new Outcome(
        requests.size() + " requests done: " + context.directory(), figures, paths());
  }

  private void say(String format, Object... values) {
    context.terminal().line(String.format(Locale.ROOT, format, values));
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

  private URI answer(Request request, URI start) {
    return answer(request.id(), request.overrides(), List.of(), start);
  }

  private URI answer(
      String id, List<String> keys, List<AnsweredRequest.Member> members, URI start) {
    List<String> overrides = new ArrayList<>(keys);
    overrides.add("lethe.model.path=" + start);
    Configuration configuration = context.configuration().with(List.of(), overrides);
    RunDirectory directory = context.directory().nested(FOLDER).nested(id);
    String request = configuration.reader().text("lethe.request-id").orElse(id);
    JobContext own = context.in(directory).with(configuration).of(request);
    RunPlan plan = plan(configuration, OF_REQUEST);
    RunStages work = new RunStages(own, plan);
    work.check(OF_REQUEST);
    List<AnsweredRequest> before = List.copyOf(begun);
    begun.add(new AnsweredRequest(id, work.artifacts(), directory, members));
    work.run(Stage.SHARD);
    work.run(Stage.UNLEARN);
    work.run(Stage.EVALUATE);
    work.evaluateEarlier(before);
    work.run(Stage.RELEASE);
    return directory.model().toUri();
  }

  /**
   * Unlearns requests together. The batch is released if it keeps the retain set; its requests are
   * judged one by one. Those that fail, or all if the batch was refused, are tried alone on the
   * best model so far.
   */
  private void batch(String id, List<Request> group) {
    List<AnsweredRequest.Member> members =
        group.stream().map(one -> new AnsweredRequest.Member(one.id(), gates(one))).toList();
    List<Request> failed = group;
    if (isReleased(id, () -> answer(id, together(id, group), members, model))) {
      AnsweredRequest batch = begun.get(begun.size() - 1);
      EvaluationFigures before = batch.artifacts().allFigures("before");
      EvaluationFigures after = batch.artifacts().allFigures("after");
      List<String> left =
          members.stream()
              .filter(one -> !one.decide(before, after).passed())
              .map(AnsweredRequest.Member::id)
              .toList();
      failed = group.stream().filter(one -> left.contains(one.id())).toList();
    }
    for (Request one : failed) {
      say("Request %s is tried alone", one.id());
      if (!isReleased(one.id(), () -> answer(one, model))) {
        refused.add(one.id());
      }
    }
  }

  /** Keeps the model of an answer; false if it was refused. */
  private boolean isReleased(String id, Supplier<URI> answer) {
    try {
      model = answer.get();
      return true;
    } catch (LetheException e) {
      if (!REFUSALS.contains(e.exitClass())) {
        throw e;
      }
      say("%s: %s", id, e.getMessage());
      return false;
    }
  }

  private List<Gate> gates(Request request) {
    return RequestBinding.gates(context.configuration().with(List.of(), request.overrides()));
  }

  /** The keys of a batch: the rows of all its requests, each with its request as task. */
  private List<String> together(String id, List<Request> group) {
    List<String> files = new ArrayList<>();
    List<String> tasks = new ArrayList<>();
    for (Request one : group) {
      for (String file :
          context
              .configuration()
              .with(List.of(), one.overrides())
              .reader()
              .texts("lethe.corpus.forget")) {
        files.add(file);
        tasks.add(one.id());
      }
    }
    return List.of(
        "lethe.request-id=" + id,
        "lethe.corpus.forget=" + ConfigurationReader.rendered(files),
        "lethe.corpus.forget-tasks=" + ConfigurationReader.rendered(tasks),
        // A request without an evaluated row could not be judged.
        "lethe.evaluate.limit=0");
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
    RunPlan release = plan(context.configuration(), List.of(Stage.RELEASE));
    new SequenceRecord(context, recorded).write(release.release().orElseThrow().signing());
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
    paths.put("model", context.directory().relative(new Path(model)));
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
