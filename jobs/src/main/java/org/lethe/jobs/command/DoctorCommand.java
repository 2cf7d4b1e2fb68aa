package org.lethe.jobs.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lethe.compute.selection.BackendSettings;
import org.lethe.compute.selection.Backends;
import org.lethe.compute.selection.DeviceReport;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.PlatformSettings;
import org.lethe.jobs.console.Logs;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.stage.Versions;
import org.lethe.model.directory.ModelDiagnosis;
import org.lethe.platform.MachineMemory;
import org.lethe.tensor.NativeBackend;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Describes this machine, and reports problems with it. */
@Command(
    name = "doctor",
    description = "Shows backend, binary, threads, memory and Spark, and what is wrong with them.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final double GIB = 1L << 30;

  @Mixin private CommonOptions options = new CommonOptions();

  @Option(
      names = "--model",
      paramLabel = "PATH",
      description = "A model directory: says whether it can be used, and if not, every reason.")
  private Optional<Path> model = Optional.empty();

  private final List<String> wrong = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final Terminal terminal = Terminal.ofProcess();

  @Override
  public Integer call() {
    Logs.begin();
    try (Interruption interruption = new Interruption(SparkSessions::cancelJobs, () -> {})) {
      examine();
      interruption.check();
    } catch (LetheException e) {
      // A signal: what was found while the process ended says nothing about the machine.
      terminal.err().println(e.exitClass() + ": " + e.getMessage());
      return e.exitClass().status();
    }
    terminal.line("");
    remarks.forEach(remark -> terminal.line("note:  " + remark));
    wrong.forEach(problem -> terminal.line("WRONG: " + problem));
    terminal.line(wrong.isEmpty() ? "Nothing is wrong." : wrong.size() + " wrong.");
    return wrong.isEmpty() ? ExitClass.SUCCESS.status() : ExitClass.PLATFORM.status();
  }

  private void examine() {
    try {
      Configuration configuration = options.configuration();
      ConfigurationReader reader = configuration.reader();
      PlatformSettings platform = PlatformSettings.read(reader);
      int workers = reader.integer("lethe.unlearn.workers", 1, 100_000);
      String master = reader.text("lethe.spark.master").orElse("embedded");
      String cache = reader.text("lethe.model.cache").orElse("");
      Map<String, String> settings = reader.section("lethe.spark.settings");
      reader.done();
      java();
      MachineChecks checks = new MachineChecks();
      show("folders", checks.folders(cache));
      show("account", checks.account());
      backend(platform, workers);
      memory();
      versions();
      // A cause that the checks above have found stops Spark too.
      if (checks.problems().isEmpty()) {
        show("Spark", checks.spark(master, workers, settings));
      }
      wrong.addAll(checks.problems());
      model.ifPresent(this::model);
    } catch (LetheException e) {
      wrong.add(e.getMessage());
    }
  }

  private void model(Path directory) {
    ModelDiagnosis diagnosis = ModelDiagnosis.of(directory);
    show("model", directory.toString());
    diagnosis
        .architecture()
        .ifPresent(
            architecture ->
                show(
                    "sizes",
                    String.format(
                        Locale.ROOT,
                        "%,d weights, %d layers, vocabulary of %,d, up to %,d tokens",
                        architecture.parameters(),
                        architecture.layers(),
                        architecture.vocabularySize(),
                        architecture.maxPositions())));
    show("usable", diagnosis.problems().isEmpty() ? "yes" : "no");
    wrong.addAll(diagnosis.problems());
  }

  private void java() {
    show(
        "Java",
        Runtime.version()
            + " ("
            + System.getProperty("java.vendor")
            + ") on "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch"));
  }

  private void backend(PlatformSettings platform, int workers) {
    int cores = Runtime.getRuntime().availableProcessors();
    show("requested", lower(platform.backend().choice()));
    NativeBackend backend;
    try {
      backend = NativeBackend.loaded();
    } catch (LetheException e) {
      show("backend", "none");
      wrong.add(e.getMessage());
      return;
    }
    try {
      show("backend", Backends.decide(platform.backend(), DataType.FLOAT, 0).sentence());
      if (platform.backend().usesDevice()) {
        device(platform.backend());
      }
    } catch (LetheException e) {
      show("backend", "none");
      wrong.add(e.getMessage());
    }
    show("binary", backend.binary());
    show("kernel", backend.kernel() + " of OpenBLAS");
    show("library", backend.library());
    show("devices", backend.devices() == 0 ? "none" : String.valueOf(backend.devices()));
    String configured = System.getenv("OMP_NUM_THREADS");
    show(
        "threads",
        backend.threads()
            + " of linear algebra per process, "
            + cores
            + " cores, OMP_NUM_THREADS "
            + (configured == null ? "not set" : "= " + configured));
    if (backend.threads() * (long) workers > cores) {
      remarks.add(
          workers
              + " workers with "
              + backend.threads()
              + " threads each are more than "
              + cores
              + " cores");
    }
    if (backend.binary().equals("plain")) {
      remarks.add(
          "the plain binary computes 2 to 4 times slower than those with oneDNN, which need Linux"
              + " on x86-64 with AVX2");
    }
  }

  /** Shows the CUDA device and compares its arithmetic with the CPU's. */
  private void device(BackendSettings settings) {
    DeviceReport report = DeviceReport.of(settings);
    show("device", report.device());
    show("driver", report.driver());
    show("cuBLAS", report.cublas());
    show(
        "kernels",
        String.format(
            Locale.ROOT,
            "%d loaded; %d operations differ from the CPU's by at most %.1e",
            report.kernels(),
            report.results().size(),
            report.largest()));
    report
        .wrong()
        .forEach(
            result ->
                wrong.add(
                    String.format(
                        Locale.ROOT,
                        "the device's %s differs from the CPU's by %.1e, more than %.0e",
                        result.operation(),
                        result.difference(),
                        report.limit())));
  }

  private void memory() {
    MachineMemory memory = MachineMemory.ofProcess();
    show("memory", gib(memory.physical()) + " in the machine, " + gib(memory.free()) + " free now");
    show(
        "limit",
        memory.limit() < memory.physical()
            ? gib(memory.limit()) + " by the container"
            : "none by the container");
    show("heap", gib(memory.heap()) + " at most");
    show("native", gib(memory.forNative()) + " for weights, gradients and activations");
    show(
        "limits",
        "org.bytedeco.javacpp.maxphysicalbytes = "
            + System.getProperty("org.bytedeco.javacpp.maxphysicalbytes"));
    if (memory.forNative() < memory.heap() / 4) {
      wrong.add(
          "the Java heap takes nearly all memory; set LETHE_HEAP (now "
              + gib(memory.heap())
              + ") to half of "
              + gib(memory.limit())
              + " or less");
    }
    if (memory.free() < memory.heap() / 2) {
      remarks.add("other processes use most of the memory; " + gib(memory.free()) + " are free");
    }
  }

  private void versions() {
    show("versions", Versions.inOneLine());
  }

  private void show(String what, String value) {
    terminal.line(String.format(Locale.ROOT, "%-9s %s", what, value));
  }

  private static String lower(BackendSettings.Choice choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
  }
}
