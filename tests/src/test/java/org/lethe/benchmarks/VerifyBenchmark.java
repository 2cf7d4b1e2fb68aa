package org.lethe.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.lethe.audit.RunVerification;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/**
 * Time of the verification of a large run directory, beside that of its digests alone. The large
 * run is a copy of a small one with larger weights. Its record agrees with them.
 *
 * <p>Arguments: a released run directory, a folder for the copy, and the size of each of its two
 * weight files in MiB.
 */
final class VerifyBenchmark {
  private static final int MEBIBYTE = 1 << 20;
  private static final String RECORD = "record.json";
  private static final String FIRST_RECORD = "records/0001.json";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path run;
  private final Configuration hadoop = new Configuration();

  private VerifyBenchmark(Path run) {
    this.run = run;
  }

  public static void main(String[] arguments) throws IOException {
    VerifyBenchmark benchmark = new VerifyBenchmark(Path.of(arguments[1]));
    benchmark.copy(Path.of(arguments[0]));
    benchmark.enlarge(Integer.parseInt(arguments[2]));
    benchmark.measure();
  }

  private void copy(Path from) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = run.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.getFileName().toString().startsWith(".")) {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private void enlarge(int mebibytes) throws IOException {
    String was = outputs();
    for (String folder : List.of("candidate/model", "model")) {
      pad(run.resolve(folder + "/model.safetensors"), mebibytes);
    }
    String weights = digest(run.resolve("model/model.safetensors"));
    change(
        run.resolve("candidate/manifest.json"),
        manifest ->
            ((ObjectNode) manifest.path("outputs")).put("model/model.safetensors", weights));
    String now = outputs();
    try (Stream<Path> folders = Files.list(run.resolve("evaluation"))) {
      for (Path folder : folders.toList()) {
        change(
            folder.resolve("manifest.json"),
            manifest -> {
              if (manifest.path("inputs").path("model").asText().equals(was)) {
                ((ObjectNode) manifest.path("inputs")).put("model", now);
              }
            });
      }
    }
    change(
        run.resolve(FIRST_RECORD),
        record -> {
          ((ObjectNode) record.path("output_model")).put("model.safetensors", weights);
          ObjectNode files = (ObjectNode) record.path("evidence").path("files");
          List<String> names = new ArrayList<>();
          files.fieldNames().forEachRemaining(names::add);
          names.forEach(name -> files.put(name, digest(run.resolve(name))));
        });
    Files.copy(run.resolve(FIRST_RECORD), run.resolve(RECORD), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Digest of the candidate, as the manifests of its evaluations name it. */
  private String outputs() throws IOException {
    TreeMap<String, String> outputs = new TreeMap<>();
    object(run.resolve("candidate/manifest.json"))
        .path("outputs")
        .properties()
        .forEach(output -> outputs.put(output.getKey(), output.getValue().asText()));
    return Digests.of(outputs);
  }

  /** Appends random bytes, which no reader of this program looks at. */
  private static void pad(Path file, int mebibytes) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[] block = new byte[MEBIBYTE];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }

  private static void change(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode document = object(file);
    change.accept(document);
    Documents.write(
        FileSystem.getLocal(new Configuration()).getRawFileSystem(),
        new org.apache.hadoop.fs.Path(file.toUri()),
        document);
  }

  private void measure() throws IOException {
    RunDirectory directory = RunDirectory.at(run.toString(), hadoop);
    FileSystem files = directory.fileSystem();
    List<String> lines = new ArrayList<>();
    // The first pass fills the page cache for both.
    for (int pass = 1; pass <= 2; pass++) {
      Times hashing = Times.of(() -> Digests.ofTree(files, directory.root()));
      lines.clear();
      Times whole = Times.of(() -> lines.addAll(RunVerification.verify(directory, hadoop)));
      System.out.printf(
          Locale.ROOT,
          "pass %d: %d MiB; digests of all files %s, verify %s%n",
          pass,
          bytes() / MEBIBYTE,
          hashing,
          whole);
    }
    lines.forEach(System.out::println);
  }

  private long bytes() throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** Seconds by the clock, and of all processors together, which other work disturbs less. */
  private record Times(double seconds, double processor) {
    static Times of(Runnable work) {
      OperatingSystemMXBean process =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long start = System.nanoTime();
      long busy = process.getProcessCpuTime();
      work.run();
      return new Times(
          (System.nanoTime() - start) / 1e9, (process.getProcessCpuTime() - busy) / 1e9);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f s (processor %.2f s)", seconds, processor);
    }
  }

  private static ObjectNode object(Path file) throws IOException {
    return (ObjectNode) JSON.readTree(file.toFile());
  }

  private static String digest(Path file) {
    try {
      return Digests.ofFile(
          FileSystem.getLocal(new Configuration()).getRawFileSystem(),
          new org.apache.hadoop.fs.Path(file.toUri()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
