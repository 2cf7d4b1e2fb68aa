package org.lethe.cluster;

import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.lethe.compute.Backend;
import org.lethe.compute.selection.BackendSettings;
import org.lethe.compute.selection.Backends;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.directory.AdapterDirectory;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.model.layer.Activations;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model directory in the Hugging Face layout, with optional LoRA factors, computed in FLOAT.
 *
 * @param model Hadoop URI of the directory
 * @param digest SHA-256 of its files, and of the trained factors if there are any
 * @param cache local directory for copies of remote models
 * @param adapter the trainable part
 * @param factors Hadoop URI of a PEFT directory with trained factors, or empty for initial factors
 * @param backend configuration by which every process decides
 * @param activations what training does with the activations of blocks
 */
public record PretrainedDecoder(
    String model,
    String digest,
    String cache,
    Adapter adapter,
    String factors,
    BackendSettings backend,
    Activations activations)
    implements DecoderSource {

  /** A model with initial parameters. */
  public static PretrainedDecoder of(URI model, String digest, String cache, Adapter adapter) {
    return new PretrainedDecoder(
        model.toString(), digest, cache, adapter, "", BackendSettings.DEFAULT, Activations.KEPT);
  }

  /**
   * The same model with the trained factors of a PEFT directory.
   *
   * @param trained digest of model and factors
   */
  public PretrainedDecoder withFactors(URI directory, String trained) {
    return new PretrainedDecoder(
        model, trained, cache, adapter, directory.toString(), backend, activations);
  }

  /** The same model with gradients of all weights, which a model for evaluation does not have. */
  public PretrainedDecoder withAllGradients() {
    return new PretrainedDecoder(
        model, digest, cache, Adapter.full(), factors, backend, activations);
  }

  /** The same model for processes that must compute with the requested backend. */
  public PretrainedDecoder on(BackendSettings requested) {
    return new PretrainedDecoder(model, digest, cache, adapter, factors, requested, activations);
  }

  /** The same model, whose training keeps activations or recomputes them. */
  public PretrainedDecoder with(Activations chosen) {
    return new PretrainedDecoder(model, digest, cache, adapter, factors, backend, chosen);
  }

  @Override
  public Decoder load(Configuration hadoop) {
    // On an executor, this is the first use of ND4J.
    Backend computing =
        Backends.decide(backend, DataType.FLOAT, AssignedDevice.ordinal()).backend();
    ModelCache copies = ModelCache.in(cache, hadoop);
    ModelDirectory directory = ModelDirectory.open(URI.create(model), copies);
    Decoder decoder =
        Decoder.load(directory.architecture(), adapter, computing, directory, activations);
    if (!factors.isEmpty()) {
      readFactors(decoder, copies);
    }
    return decoder;
  }

  private void readFactors(Decoder decoder, ModelCache copies) {
    AdapterDirectory trained = AdapterDirectory.open(URI.create(factors), copies);
    trained.requireNoOthers(decoder.layout().names());
    decoder.readTrainable(trained);
  }

  /** Keeps the frozen weights, which are most of a model with LoRA. */
  @Override
  public void restore(Configuration hadoop, Decoder decoder) {
    ModelCache copies = ModelCache.in(cache, hadoop);
    if (!factors.isEmpty()) {
      readFactors(decoder, copies);
    } else if (adapter instanceof Adapter.Lora) {
      decoder.restoreFactors();
    } else {
      decoder.readTrainable(ModelDirectory.open(URI.create(model), copies));
    }
  }

  /** Shares frozen weights. Of trained weights, reads only those of the requested blocks. */
  @Override
  public Decoder initial(Configuration hadoop, Decoder trained, int blocks) {
    ModelCache copies = ModelCache.in(cache, hadoop);
    if (!factors.isEmpty()) {
      return trained.withParameters(blocks, AdapterDirectory.open(URI.create(factors), copies));
    }
    return trained.adapter() instanceof Adapter.Lora
        ? trained.withoutAdapter()
        : trained.withParameters(blocks, ModelDirectory.open(URI.create(model), copies));
  }

  @Override
  public String identity() {
    return digest + " " + adapter;
  }
}
