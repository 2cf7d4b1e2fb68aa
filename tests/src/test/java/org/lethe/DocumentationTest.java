package org.lethe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the project's texts refer to exists: links, paths, classes and packages. */
final class DocumentationTest {
  private static final Path ROOT =
      Path.of(System.getProperty("lethe.repository")).toAbsolutePath().normalize();
  private static final List<String> FOLDERS =
      List.of("pipeline", "jobs", "conf", "data-schemas", "tests", ".ci", ".github");
  private static final List<String> SOURCES =
      List.of("pipeline/src/main/java", "jobs/src/main/java", "tests/src/test/java");
  private static final Pattern LINK = Pattern.compile("\\[[^]\n]*]\\(([^)\\s#]+)(?:#[^)]*)?\\)");
  private static final Pattern PATH =
      Pattern.compile(
          "(?<![\\w./:<{-])(?:" + String.join("|", FOLDERS) + ")/[\\w./-]*[\\w/](?![\\w*-])");
  private static final Pattern OF_THIS_FOLDER = Pattern.compile("`((?:src|\\.\\.)/[\\w./-]+)`");
  private static final Pattern QUALIFIED = Pattern.compile("\\borg\\.lethe(?:\\.[A-Za-z]\\w*)+");
  private static final Pattern CLASS = Pattern.compile("`((?:[A-Z][a-z0-9]+){2,})[`.(]");

  /** Simple name of an imported class. */
  private static final Pattern IMPORTED =
      Pattern.compile("^import [a-z][\\w.]*\\.([A-Z]\\w*);", Pattern.MULTILINE);

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");
  private static final Pattern PACKAGE_ROW =
      Pattern.compile("(?m)^\\| `([a-z.]+)`(?: \\(S\\))? \\|");

  static List<Path> pages() throws IOException {
    return texts(".md");
  }

  /** Pages, scripts and configuration; comments in Java are the compiler's and Javadoc's. */
  static List<Path> texts() throws IOException {
    return texts(".md", ".conf", ".sh", ".py", ".xml", ".yml", ".properties");
  }

  private static List<Path> texts(String... endings) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : FOLDERS) {
      if (Files.isDirectory(ROOT.resolve(folder))) {
        found.addAll(ProjectFiles.below(ROOT.resolve(folder)));
      }
    }
    try (Stream<Path> files = Files.list(ROOT)) {
      files.filter(Files::isRegularFile).forEach(found::add);
    }
    return found.stream()
        .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) throws IOException {
    List<String> lost = new ArrayList<>();
    Matcher link = LINK.matcher(withoutCode(Files.readString(page)));
    while (link.find()) {
      String target = link.group(1);
      if (!target.contains(":") && !Files.exists(page.resolveSibling(target))) {
        lost.add(target);
      }
    }

    assertThat(lost).as("links of %s to files that do not exist", ROOT.relativize(page)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void pathsExist(Path file) throws IOException {
    List<String> lost = new ArrayList<>();
    String text = Files.readString(file);
    PATH.matcher(text)
        .results()
        .map(match -> match.group())
        .filter(path -> !isMade(path) && !Files.exists(ROOT.resolve(path)))
        .forEach(lost::add);
    OF_THIS_FOLDER
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .filter(path -> !isMade(path) && !Files.exists(file.resolveSibling(path)))
        .forEach(lost::add);

    assertThat(lost).as("paths in %s that do not exist", ROOT.relativize(file)).isEmpty();
  }

  /** Accepts paths that a build makes, and those with a placeholder such as NAME. */
  private static boolean isMade(String path) {
    return path.contains("/target") || Pattern.compile("\\b[A-Z]{4,}\\b").matcher(path).find();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void classesAndPackagesExist(Path file) throws IOException {
    List<String> lost =
        QUALIFIED
            .matcher(Files.readString(file))
            .results()
            .map(match -> match.group())
            .filter(name -> !isInSources(name))
            .toList();

    assertThat(lost).as("names in %s that no source has", ROOT.relativize(file)).isEmpty();
  }

  /** Finds a package, a class, or a class that the name's last part is a member of. */
  private static boolean isInSources(String name) {
    String path = name.replace('.', '/');
    String owner = path.substring(0, path.lastIndexOf('/'));
    return SOURCES.stream()
        .map(ROOT::resolve)
        .anyMatch(
            source ->
                Files.isDirectory(source.resolve(path))
                    || Files.exists(source.resolve(path + ".java"))
                    || Files.exists(source.resolve(owner + ".java")));
  }

  @Test
  void classesThatPagesNameExist() throws IOException {
    Set<String> known = new HashSet<>();
    for (Path source : texts(".java")) {
      String text = Files.readString(source);
      DECLARED.matcher(text).results().forEach(m -> known.add(m.group(1)));
      IMPORTED.matcher(text).results().forEach(m -> known.add(m.group(1)));
    }
    List<String> lost = new ArrayList<>();
    for (Path page : pages()) {
      CLASS
          .matcher(Files.readString(page))
          .results()
          .map(match -> match.group(1))
          .filter(name -> !known.contains(name))
          .forEach(name -> lost.add(ROOT.relativize(page) + ": " + name));
    }

    assertThat(lost).as("classes that pages name and no source declares or imports").isEmpty();
  }

  @Test
  void theLibrarysPageListsItsPackages() throws IOException {
    Path source = ROOT.resolve("pipeline/src/main/java/org/lethe");
    List<String> packages;
    try (Stream<Path> files = Files.walk(source)) {
      packages =
          files
              .filter(file -> file.endsWith("package-info.java"))
              .map(file -> source.relativize(file.getParent()).toString().replace('/', '.'))
              .toList();
    }
    List<String> listed =
        PACKAGE_ROW
            .matcher(Files.readString(ROOT.resolve("pipeline/README.md")))
            .results()
            .map(match -> match.group(1))
            .toList();

    assertThat(listed)
        .as("packages in the table of pipeline/README.md, which has a line for each")
        .containsExactlyInAnyOrderElementsOf(packages);
  }

  @Test
  void proseIsWrapped() throws IOException {
    List<String> wide = new ArrayList<>();
    for (Path page : pages()) {
      for (String line : Files.readAllLines(page)) {
        if (line.length() > 100 && !line.startsWith("|") && line.contains(" ")) {
          wide.add(ROOT.relativize(page) + ": " + line);
        }
      }
    }

    assertThat(wide).as("lines of more than 100 characters").isEmpty();
  }

  private static String withoutCode(String page) {
    return page.lines()
        .filter(line -> !line.startsWith("    "))
        .collect(Collectors.joining("\n"))
        .replaceAll("`[^`\n]*`", "");
  }
}
