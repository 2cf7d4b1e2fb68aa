package org.lethe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;

/** The package order of pipeline/README.md, and who may import Spark. */
@AnalyzeClasses(packages = "org.lethe", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  /** Lowest first: a package imports only packages that stand before it. */
  private static final List<String> ORDER =
      List.of(
          "error",
          "tensor",
          "compute",
          "text",
          "model",
          "objective",
          "direction",
          "evaluation",
          "reveal",
          "run",
          "corpus",
          "cluster",
          "report",
          "jobs.console",
          "jobs.config",
          "jobs.stage",
          "jobs.study",
          "jobs.command");

  @ArchTest static final ArchRule packagesImportOnlyPackagesBelowThem = layering();

  @ArchTest
  static final ArchRule onlyCorpusClusterAndJobsImportSpark =
      noClasses()
          .that()
          .resideOutsideOfPackages("..corpus..", "..cluster..", "..jobs..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..");

  @ArchTest
  static final ArchRule nothingReadsForeignBytesByJavaDeserialisation =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream");

  @ArchTest
  static final ArchRule theLibraryNeverExits =
      noClasses()
          .that()
          .resideOutsideOfPackage("..jobs..")
          .should()
          .callMethod(System.class, "exit", int.class);

  private static ArchRule layering() {
    CompositeArchRule all = null;
    for (int i = 0; i < ORDER.size() - 1; i++) {
      String[] above =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(name -> "org.lethe." + name + "..")
              .toArray(String[]::new);
      ArchRule rule =
          noClasses()
              .that()
              .resideInAPackage("org.lethe." + ORDER.get(i) + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(above)
              .allowEmptyShould(true);
      all = all == null ? CompositeArchRule.of(rule) : all.and(rule);
    }
    return all;
  }
}
