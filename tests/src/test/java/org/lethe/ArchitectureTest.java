package org.lethe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.text.BreakIterator;
import java.text.Collator;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** The package order of pipeline/README.md, and who may import Spark. */
@AnalyzeClasses(packages = "org.lethe", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final int MOST_CLASSES_OF_A_PACKAGE = 35;

  /** Classes that depend on each other in a cycle. */
  private static final int MOST_CLASSES_OF_A_KNOT = 6;

  /** Lowest first: a package imports only packages that stand before it. */
  private static final List<String> ORDER =
      List.of(
          "error",
          "platform",
          "store",
          "tensor",
          "compute",
          "text",
          "model",
          "objective",
          "direction",
          "evaluation",
          "reveal",
          "run",
          "spark",
          "corpus",
          "audit",
          "cluster",
          "report",
          "jobs.console",
          "jobs.config",
          "jobs.release",
          "jobs.lineage",
          "jobs.table",
          "jobs.stage",
          "jobs.study",
          "jobs.command");

  /** Rooms of a package, lowest first: a room imports only rooms that stand before it. */
  private static final List<List<String>> ROOMS =
      List.of(
          List.of(
              "cluster",
              "cluster.wire",
              "cluster.transport",
              "cluster.monitor",
              "cluster.training",
              "cluster.tuning",
              "cluster.evaluation",
              "cluster.reveal"),
          List.of(
              "model.architecture",
              "model.family",
              "model.network",
              "model.layer",
              "model",
              "model.generation",
              "model.directory",
              "model.arithmetic"),
          List.of("reveal", "reveal.relevance", "reveal.search", "reveal.oracle", "reveal.filter"),
          List.of("run", "run.evidence", "run.retention", "run.lease"),
          List.of(
              "evaluation",
              "evaluation.benchmark",
              "evaluation.monitor",
              "evaluation.tuning",
              "evaluation.attack"),
          List.of("jobs.config", "jobs.config.tune"),
          List.of("text.jinja.runtime", "text.jinja", "text"),
          List.of(
              "corpus.rows",
              "corpus.input",
              "corpus",
              "corpus.table",
              "corpus.shard",
              "corpus.find",
              "corpus.unseen",
              "corpus.benchmark"),
          List.of("compute", "compute.array", "compute.heap", "compute.cuda", "compute.selection"));

  @ArchTest static final ArchRule packagesImportOnlyPackagesBelowThem = order(ORDER, "..");

  @ArchTest
  static final ArchRule roomsImportOnlyRoomsBelowThem =
      ROOMS.stream()
          .map(rooms -> order(rooms, ""))
          .reduce((a, b) -> CompositeArchRule.of(a).and(b))
          .orElseThrow();

  @ArchTest
  static final ArchRule onlyCorpusClusterAndJobsImportSpark =
      noClasses()
          .that()
          .resideOutsideOfPackages("..spark..", "..corpus..", "..cluster..", "..jobs..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..");

  @ArchTest
  static final ArchRule onlyTheSelectionKnowsBackends =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.lethe.compute..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.lethe.compute.heap..", "org.lethe.compute.array..", "org.lethe.compute.cuda..");

  @ArchTest
  static final ArchRule lossesDirectionsAndTransportKnowNoArrays =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.lethe.tensor..",
              "org.lethe.text..",
              "org.lethe.model.directory..",
              "org.lethe.objective..",
              "org.lethe.direction..",
              "org.lethe.evaluation..",
              "org.lethe.cluster..",
              "org.lethe.jobs..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.nd4j.linalg.api.ndarray..");

  @ArchTest
  static final ArchRule oneClassOpensTheDoorToDeeplearning4j =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.lethe.compute..")
          .and()
          .doNotHaveSimpleName("FlatNetwork")
          .should()
          .dependOnClassesThat()
          .haveSimpleName("NetworkVector");

  /** The decoder through its adapter, and the small network that learns what a prompt is worth. */
  @ArchTest
  static final ArchRule twoPackagesUseDeeplearning4j =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.lethe.model.network", "org.lethe.reveal.search")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j..");

  @ArchTest
  static final ArchRule nothingReadsForeignBytesByJavaDeserialisation =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream");

  /** The default locale changes digits, decimal points and the case of letters. */
  @ArchTest
  static final ArchRule nothingDependsOnTheDefaultLocale =
      noClasses()
          .should()
          .callMethod(String.class, "format", String.class, Object[].class)
          .orShould()
          .callMethod(String.class, "formatted", Object[].class)
          .orShould()
          .callMethod(String.class, "toLowerCase")
          .orShould()
          .callMethod(String.class, "toUpperCase")
          .orShould()
          .callMethod(PrintStream.class, "printf", String.class, Object[].class)
          .orShould()
          .callMethod(PrintStream.class, "format", String.class, Object[].class)
          .orShould()
          .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
          .orShould()
          .callMethod(PrintWriter.class, "format", String.class, Object[].class)
          .orShould()
          .callConstructor(Formatter.class)
          .orShould()
          .callConstructor(DecimalFormat.class, String.class)
          .orShould()
          .callConstructor(SimpleDateFormat.class, String.class)
          .orShould()
          .callMethod(DateTimeFormatter.class, "ofPattern", String.class)
          .orShould()
          .callMethod(NumberFormat.class, "getInstance")
          .orShould()
          .callMethod(NumberFormat.class, "getIntegerInstance")
          .orShould()
          .callMethod(NumberFormat.class, "getPercentInstance")
          .orShould()
          .callMethod(BreakIterator.class, "getWordInstance")
          .orShould()
          .callMethod(BreakIterator.class, "getSentenceInstance")
          .orShould()
          .callMethod(Collator.class, "getInstance");

  /** One class opens file systems, because Hadoop's local one has checksum files. */
  @ArchTest
  static final ArchRule oneClassOpensFileSystems =
      noClasses()
          .that()
          .doNotHaveSimpleName("FileSystems")
          .should()
          .callMethod(org.apache.hadoop.fs.Path.class, "getFileSystem", Configuration.class)
          .orShould()
          .callMethod(FileSystem.class, "get", Configuration.class)
          .orShould()
          .callMethod(FileSystem.class, "get", URI.class, Configuration.class);

  /** A rename means something else on each file system. */
  @ArchTest
  static final ArchRule onlyTheStoreAndLeasesRename =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.lethe.store", "org.lethe.run.lease")
          .should()
          .callMethod(
              FileSystem.class,
              "rename",
              org.apache.hadoop.fs.Path.class,
              org.apache.hadoop.fs.Path.class);

  @ArchTest
  static final ArchRule theLibraryNeverExits =
      noClasses()
          .that()
          .resideOutsideOfPackage("..jobs..")
          .should()
          .callMethod(System.class, "exit", int.class);

  @ArchTest
  static final ArchRule noPackageHasTooManyClasses =
      classes().should(ClassGraph.formPackagesOfAtMost(MOST_CLASSES_OF_A_PACKAGE));

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.lethe.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noKnotHasTooManyClasses =
      classes().should(ClassGraph.formKnotsOfAtMost(MOST_CLASSES_OF_A_KNOT));

  /**
   * The rule that packages stand in this order.
   *
   * @param within ".." if sub-packages belong to a package, or empty
   */
  private static ArchRule order(List<String> packages, String within) {
    CompositeArchRule all = null;
    for (int i = 0; i < packages.size() - 1; i++) {
      String[] above =
          packages.subList(i + 1, packages.size()).stream()
              .map(name -> "org.lethe." + name + within)
              .toArray(String[]::new);
      ArchRule rule =
          noClasses()
              .that()
              .resideInAPackage("org.lethe." + packages.get(i) + within)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(above)
              .allowEmptyShould(true);
      all = all == null ? CompositeArchRule.of(rule) : all.and(rule);
    }
    return all;
  }
}
