package org.lethe.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.lethe.model.Adapter;
import org.lethe.model.AdapterDirectory;
import org.lethe.model.Decoder;
import org.lethe.model.ModelCache;
import org.lethe.model.ModelDirectory;
import org.lethe.model.Projection;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model directory in the Hugging Face layout, with or without LoRA factors beside its weights.
 *
 * @param model Hadoop URI of the directory
 * @param digest SHA-256 of its files
 * @param cache local directory for copies of remote models
 * @param type FLOAT or DOUBLE
 * @param rank of LoRA, 0 for full training
 * @param alpha of LoRA
 * @param dropout of LoRA
 * @param targets of LoRA, Hugging Face module names
 * @param adapterSeed of LoRA's initial factors
 * @param adapter Hadoop URI of a PEFT directory whose factors are loaded, or empty
 */
public record PretrainedDecoder(
    String model,
    String digest,
    String cache,
    DataType type,
    int rank,
    double alpha,
    double dropout,
    List<String> targets,
    long adapterSeed,
    String adapter)
    implements DecoderSource {
  public PretrainedDecoder {
    targets = List.copyOf(targets);
  }

  /** A model and what is trained of it. */
  public static PretrainedDecoder of(
      URI model, String digest, Path cache, DataType type, Adapter adapter) {
    if (adapter instanceof Adapter.Lora lora) {
      List<String> names = lora.targets().stream().map(Projection::moduleName).sorted().toList();
      return new PretrainedDecoder(
          model.toString(),
          digest,
          cache.toString(),
          type,
          lora.rank(),
          lora.alpha(),
          lora.dropout(),
          names,
          lora.seed(),
          "");
    }
    return new PretrainedDecoder(
        model.toString(), digest, cache.toString(), type, 0, 1, 0, List.of(), 0, "");
  }

  /** The same model with the trained factors of a PEFT directory. */
  public PretrainedDecoder withAdapter(URI directory) {
    return new PretrainedDecoder(
        model,
        digest,
        cache,
        type,
        rank,
        alpha,
        dropout,
        targets,
        adapterSeed,
        directory.toString());
  }

  @Override
  public Decoder load(Configuration hadoop) {
    ModelCache copies = new ModelCache(Path.of(cache), hadoop);
    ModelDirectory directory = ModelDirectory.open(URI.create(model), copies);
    Decoder decoder = Decoder.load(directory.config(), trained(), type, directory);
    if (!adapter.isEmpty()) {
      decoder.readTrainable(AdapterDirectory.open(URI.create(adapter), copies));
    }
    return decoder;
  }

  private Adapter trained() {
    if (rank == 0) {
      return Adapter.full();
    }
    Set<Projection> projections =
        targets.stream()
            .map(name -> Projection.ofModuleName(name).orElseThrow())
            .collect(Collectors.toSet());
    return new Adapter.Lora(rank, alpha, dropout, projections, adapterSeed);
  }

  @Override
  public String identity() {
    return String.join(
        " ",
        digest,
        type.name(),
        "" + rank,
        "" + alpha,
        "" + dropout,
        "" + targets,
        "" + adapterSeed,
        adapter);
  }
}
