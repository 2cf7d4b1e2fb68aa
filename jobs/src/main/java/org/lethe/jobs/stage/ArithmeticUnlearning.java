package org.lethe.jobs.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.jobs.config.Problems;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.UnlearnPlan;
import org.lethe.jobs.console.Progress;
import org.lethe.model.Adapter;
import org.lethe.model.arithmetic.ModuleArithmetic;
import org.lethe.model.arithmetic.SubtractedModel;
import org.lethe.model.directory.AdapterDirectory;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.directory.ModelDirectoryWriter;
import org.lethe.objective.FrozenRows;
import org.lethe.objective.RetainLoss;
import org.lethe.reveal.search.WeightSearch;
import org.lethe.reveal.search.WeightSearch.Point;
import org.lethe.run.ChosenWeight;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.Stages.Partial;

/**
 * Unlearning by adapter arithmetic: a LoRA module learns the forget set, a second one on request
 * the retain set, and the first is subtracted from the weights. A line search on the modules'
 * training rows picks its weight lambda_f. Every step has a manifest, so an interrupted run
 * resumes.
 */
final class ArithmeticUnlearning implements UnlearnWork.Variant {
  private static final String FORGET = CorpusSet.FORGET.label() + ".rouge-l-recall";
  private static final String RETAIN = CorpusSet.RETAIN.label() + ".loss";
  private static final Sections SECTIONS =
      Sections.of(
          "lethe.reveal.release",
          "lethe.model.lora",
          "lethe.evaluate",
          RunArtifacts.SHARDS_PER_CORPUS);

  private final UnlearnPlan.Arithmetic plan;

  ArithmeticUnlearning(UnlearnPlan.Arithmetic plan) {
    this.plan = plan;
  }

  @Override
  public Sections sections() {
    return SECTIONS;
  }

  @Override
  public void check(StageContext context) {
    ModelDirectory model = context.artifacts().givenModel();
    Trainings trainings = new Trainings(context);
    trainings.checkModule(CorpusSet.FORGET, plan.lora(), plan.training(), model);
    if (plan.retainWeight().isPresent()) {
      trainings.checkModule(CorpusSet.RETAIN, plan.lora(), plan.training(), model);
    }
  }

  @Override
  public void run(StageContext context) {
    Trainings trainings = new Trainings(context);
    Path forget = trainings.module(CorpusSet.FORGET, plan.lora(), plan.training(), Map.of());
    Optional<Path> retain =
        plan.retainWeight().isPresent()
            ? Optional.of(retain(context, trainings, forget))
            : Optional.empty();
    search(context, new Modules(forget, retain));
  }

  /** PEFT directories of the modules. */
  private record Modules(Path forget, Optional<Path> retain) {}

  private void search(StageContext context, Modules modules) {
    Progress progress = context.job().progress("weights");
    try {
      Point unchanged = point(context, modules, 0);
      List<Point> points = new ArrayList<>();
      OptionalDouble next = WeightSearch.next(unchanged, points, plan.search());
      while (next.isPresent()) {
        points.add(point(context, modules, next.getAsDouble()));
        progress.update(points.size(), plan.search().weights().size(), "weights", words(points));
        next = WeightSearch.next(unchanged, points, plan.search());
      }
      Point chosen = WeightSearch.chosen(unchanged, points, plan.search());
      candidate(context, modules, unchanged, points, chosen);
      progress.finish("taken: " + words(List.of(chosen)));
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private Path retain(StageContext context, Trainings trainings, Path forget) {
    if (plan.orthogonality() == 0) {
      return trainings.module(CorpusSet.RETAIN, plan.lora(), plan.training(), Map.of());
    }
    SortedMap<String, float[][]> old =
        SubtractedModel.downProjections(base(context), open(context, forget));
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("module to be orthogonal to", digest(context, forget));
    digests.put("orthogonality", String.valueOf(plan.orthogonality()));
    return trainings.module(
        CorpusSet.RETAIN,
        plan.lora(),
        plan.training()
            .with(new RetainLoss.OrthogonalLikelihood(plan.orthogonality(), new FrozenRows(old))),
        digests);
  }

  /** A weight with its figures on the rows that the modules were trained on. */
  private Point point(StageContext context, Modules modules, double weight) {
    String name = String.format(Locale.ROOT, "%.4f", weight);
    JobContext job = context.job();
    Path folder = new Path(new Path(job.directory().root(), "weights"), name);
    Path model = new Path(folder, "model");
    job.stages()
        .run(
            context.inputs("weight-" + name, digests(context, modules), SECTIONS),
            folder,
            Partial.DISCARD,
            () -> {
              write(context, subtracted(context, modules, weight), model);
              evaluate(context, folder, model.toUri());
              Documents.delete(job.directory().fileSystem(), model);
            });
    EvaluationSummary summary =
        EvaluationSummary.fromJson(
            Documents.read(
                job.directory().fileSystem(), new Path(folder, EvaluationStage.SUMMARY)));
    return new Point(weight, figure(summary, FORGET), figure(summary, RETAIN));
  }

  private static SortedMap<String, String> digests(StageContext context, Modules modules) {
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("forget module", digest(context, modules.forget));
    modules.retain.ifPresent(module -> digests.put("retain module", digest(context, module)));
    digests.put("model", context.artifacts().inputSource(Adapter.frozen()).digest());
    digests.put("shards", context.artifacts().shardsDigest());
    return digests;
  }

  private static double figure(EvaluationSummary summary, String name) {
    EvaluationFigures figures = summary.states();
    return figures.mean(name).orElseThrow(() -> noFigure(name, figures.reason(name)));
  }

  private static LetheException noFigure(String name, String reason) {
    return Problems.failure(
        "the search for lambda_f needs "
            + name
            + ", which was not measured ("
            + reason
            + "); set lethe.evaluate.generation=greedy, and give or reveal rows to keep");
  }

  private void evaluate(StageContext context, Path folder, URI model) {
    RunArtifacts artifacts = context.artifacts();
    PretrainedDecoder source =
        artifacts.source(model, artifacts.openModel(model.toString()).digest(), Adapter.frozen());
    new Evaluations(context, plan.evaluation()).onTrainingShards(source, model, folder);
  }

  private void candidate(
      StageContext context, Modules modules, Point unchanged, List<Point> points, Point chosen) {
    RunArtifacts artifacts = context.artifacts();
    context
        .job()
        .stages()
        .run(
            context.inputs("unlearn", digests(context, modules), SECTIONS),
            artifacts.candidate(),
            Partial.DISCARD,
            () -> {
              write(
                  context,
                  subtracted(context, modules, chosen.weight()),
                  artifacts.candidateModel());
              Documents.write(
                  context.job().directory().fileSystem(),
                  new Path(artifacts.candidate(), ChosenWeight.FILE),
                  new ChosenWeight(
                      ChosenWeight.FORMAT,
                      word(plan.arithmetic()),
                      chosen.weight(),
                      plan.retainWeight(),
                      unchanged,
                      points));
            });
  }

  private SubtractedModel subtracted(StageContext context, Modules modules, double weight) {
    return new SubtractedModel(
        base(context),
        open(context, modules.forget),
        modules.retain.map(module -> open(context, module)),
        plan.arithmetic(),
        weight,
        plan.retainWeight().orElse(0));
  }

  private static void write(StageContext context, SubtractedModel model, Path target) {
    new ModelDirectoryWriter(context.job().spark().hadoopConfiguration())
        .write(target.toUri(), base(context), model::forEachTensor);
  }

  private static ModelDirectory base(StageContext context) {
    return context.artifacts().openModel(context.artifacts().inputModel().toString());
  }

  private static AdapterDirectory open(StageContext context, Path module) {
    return AdapterDirectory.open(
        module.toUri(),
        ModelCache.in(context.plan().model().cache(), context.job().spark().hadoopConfiguration()));
  }

  private static String digest(StageContext context, Path module) {
    return Digests.of(Digests.ofTree(context.job().directory().fileSystem(), module));
  }

  /** The name in the configuration. */
  private static String word(ModuleArithmetic arithmetic) {
    if (arithmetic instanceof ModuleArithmetic.Plain) {
      return "plain";
    }
    return arithmetic instanceof ModuleArithmetic.Ethos ? "ethos" : "ext-sub";
  }

  private static String words(List<Point> points) {
    Point last = points.get(points.size() - 1);
    return String.format(
        Locale.ROOT,
        "lambda %.2f: recites %.0f %%, retain loss %.3f",
        last.weight(),
        100 * last.recited(),
        last.retainLoss());
  }
}
