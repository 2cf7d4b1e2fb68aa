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
import org.lethe.corpus.CorpusSet;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.jobs.config.ArithmeticKeys;
import org.lethe.jobs.config.Problems;
import org.lethe.jobs.config.RunPlan;
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
import org.lethe.run.RunDirectory;
import org.lethe.run.Stages.Partial;

/**
 * Unlearning by adapter arithmetic: a module learns what is to be forgotten, another on request
 * what is to be kept, and the first is taken out of the weights. How much of it a line search says,
 * on the rows that the modules were trained on. Everything is kept as it is made, so that a run
 * that was killed goes on.
 */
final class ArithmeticWork {
  private static final String FORGET = CorpusSet.FORGET.label() + ".rouge-l-recall";
  private static final String RETAIN = CorpusSet.RETAIN.label() + ".loss";

  private final JobContext context;
  private final RunPlan plan;
  private final RunArtifacts contents;
  private final RunDirectory directory;

  ArithmeticWork(JobContext context, RunPlan plan, RunArtifacts contents) {
    this.context = context;
    this.plan = plan;
    this.contents = contents;
    this.directory = context.directory();
  }

  void run(ArithmeticKeys keys) {
    TrainWork train = new TrainWork(context, plan, contents);
    Path forget = train.module(CorpusSet.FORGET, keys.lora(), keys.training(), Map.of());
    Optional<Path> retain =
        keys.retainWeight().isPresent()
            ? Optional.of(retain(keys, train, forget))
            : Optional.empty();
    Progress progress = context.progress("weights");
    try {
      Point nothing = point(keys, forget, retain, 0);
      List<Point> points = new ArrayList<>();
      OptionalDouble next = WeightSearch.next(nothing, points, keys.search());
      while (next.isPresent()) {
        points.add(point(keys, forget, retain, next.getAsDouble()));
        progress.update(points.size(), keys.search().weights().size(), "weights", words(points));
        next = WeightSearch.next(nothing, points, keys.search());
      }
      Point chosen = WeightSearch.chosen(nothing, points, keys.search());
      candidate(keys, forget, retain, nothing, points, chosen);
      progress.finish("taken: " + words(List.of(chosen)));
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private Path retain(ArithmeticKeys keys, TrainWork train, Path forget) {
    if (keys.orthogonality() == 0) {
      return train.module(CorpusSet.RETAIN, keys.lora(), keys.training(), Map.of());
    }
    SortedMap<String, float[][]> old = SubtractedModel.downProjections(base(), open(forget));
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("module to be orthogonal to", digest(forget));
    inputs.put("orthogonality", String.valueOf(keys.orthogonality()));
    return train.module(
        CorpusSet.RETAIN,
        keys.lora(),
        keys.training()
            .with(new RetainLoss.OrthogonalLikelihood(keys.orthogonality(), new FrozenRows(old))),
        inputs);
  }

  /** A weight, on what the modules were trained on. */
  private Point point(ArithmeticKeys keys, Path forget, Optional<Path> retain, double weight) {
    String name = String.format(Locale.ROOT, "%.4f", weight);
    Path folder = new Path(new Path(directory.root(), "weights"), name);
    Path model = new Path(folder, "model");
    context
        .stages()
        .run(
            contents.inputs("weight-" + name, inputs(modules(forget, retain)), SECTIONS),
            folder,
            Partial.DISCARD,
            () -> {
              write(subtracted(keys, forget, retain, weight), model);
              evaluate(folder, model.toUri());
              Documents.delete(directory.fileSystem(), model);
            });
    EvaluationSummary summary =
        EvaluationSummary.fromJson(
            Documents.read(directory.fileSystem(), new Path(folder, EvaluationStage.SUMMARY)));
    return new Point(weight, figure(summary, FORGET), figure(summary, RETAIN));
  }

  private static final String[] SECTIONS = {
    "lethe.reveal.release", "lethe.model.lora", "lethe.evaluate"
  };

  private SortedMap<String, String> inputs(Map<String, String> modules) {
    SortedMap<String, String> inputs = new TreeMap<>(modules);
    inputs.put("model", contents.inputSource(Adapter.full()).digest());
    inputs.put("shards", contents.shardsDigest());
    return inputs;
  }

  private Map<String, String> modules(Path forget, Optional<Path> retain) {
    Map<String, String> digests = new TreeMap<>();
    digests.put("forget module", digest(forget));
    retain.ifPresent(module -> digests.put("retain module", digest(module)));
    return digests;
  }

  private static double figure(EvaluationSummary summary, String name) {
    return Optional.ofNullable(summary.figures().get(name))
        .orElseThrow(() -> noFigure(name))
        .mean();
  }

  private static LetheException noFigure(String name) {
    return Problems.failure(
        "the search for lambda_f needs "
            + name
            + "; set lethe.evaluate.generation=greedy, and have something to keep revealed or"
            + " given");
  }

  private void evaluate(Path folder, URI model) {
    PretrainedDecoder source =
        contents.source(model, contents.openModel(model.toString()).digest(), Adapter.full());
    new EvaluateWork(context, plan, contents)
        .ofTraining(plan.evaluate().orElseThrow(), source, model, folder);
  }

  private void candidate(
      ArithmeticKeys keys,
      Path forget,
      Optional<Path> retain,
      Point nothing,
      List<Point> points,
      Point chosen) {
    context
        .stages()
        .run(
            contents.inputs("unlearn", inputs(modules(forget, retain)), SECTIONS),
            contents.candidate(),
            Partial.DISCARD,
            () -> {
              write(subtracted(keys, forget, retain, chosen.weight()), contents.candidateModel());
              Documents.write(
                  directory.fileSystem(),
                  new Path(contents.candidate(), ChosenWeight.FILE),
                  new ChosenWeight(
                      ChosenWeight.FORMAT,
                      words(keys.arithmetic()),
                      chosen.weight(),
                      keys.retainWeight(),
                      nothing,
                      points));
            });
  }

  private SubtractedModel subtracted(
      ArithmeticKeys keys, Path forget, Optional<Path> retain, double weight) {
    return new SubtractedModel(
        base(),
        open(forget),
        retain.map(this::open),
        keys.arithmetic(),
        weight,
        keys.retainWeight().orElse(0));
  }

  private void write(SubtractedModel model, Path target) {
    new ModelDirectoryWriter(context.spark().hadoopConfiguration())
        .write(target.toUri(), base(), model::forEachTensor);
  }

  private ModelDirectory base() {
    return contents.openModel(contents.inputModel().toString());
  }

  private AdapterDirectory open(Path module) {
    return AdapterDirectory.open(
        module.toUri(),
        new ModelCache(
            java.nio.file.Path.of(plan.model().cache()), context.spark().hadoopConfiguration()));
  }

  private String digest(Path module) {
    return Digests.of(Digests.ofTree(directory.fileSystem(), module));
  }

  /** As in the configuration. */
  private static String words(ModuleArithmetic arithmetic) {
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
