package org.lethe.error;

import java.util.Collection;
import java.util.List;

/** Failures of model and adapter directories: config.json, weights, caches, outputs. */
public final class ModelDirectoryErrors {
  private static final String OTHER_MODEL = "; weights and config.json are of different models";

  private ModelDirectoryErrors() {}

  public static LetheException noDirectory(Object uri) {
    return ExitClass.INPUT.failure(
        "No model directory at %s: expected a directory in the Hugging Face layout with config.json"
            + " and model.safetensors; check lethe.model.path",
        uri);
  }

  public static LetheException noConfig(Object directory) {
    return ExitClass.INPUT.failure(
        "No config.json in %s: expected a model directory in the Hugging Face layout", directory);
  }

  public static LetheException badConfig(Object file, String problem) {
    return ExitClass.INPUT.failure("Invalid %s: %s", file, ErrorText.oneLine(problem));
  }

  public static LetheException unsupported(
      Object file, List<String> problems, String supportedTypes) {
    return ExitClass.INPUT.failure(
        "Unsupported model %s: %s. Supported model types: %s",
        file, joined(problems), supportedTypes);
  }

  public static LetheException missingTensors(Object weights, Collection<String> names) {
    return ExitClass.INPUT.failure(
        "Missing tensors in %s: %s; config.json needs them"
            + OTHER_MODEL
            + ", or the copy is incomplete",
        weights,
        ErrorText.listed(List.copyOf(names)));
  }

  public static LetheException unexpectedTensors(Object weights, Collection<String> names) {
    return ExitClass.INPUT.failure(
        "Unexpected tensors in %s: %s; config.json does not account for them, and dropping them"
            + " would change the model",
        weights, ErrorText.listed(List.copyOf(names)));
  }

  public static LetheException wrongShape(
      Object weights, String name, Object found, Object expected) {
    return ExitClass.INPUT.failure(
        "Wrong shape of tensor %s in %s: %s, expected %s by config.json" + OTHER_MODEL,
        ErrorText.quoted(name),
        weights,
        found,
        expected);
  }

  public static LetheException notFinite(Object weights, String name, long index) {
    return ExitClass.INPUT.failure(
        "Tensor %s in %s contains NaN or infinity at element %d; the weights are damaged, get the"
            + " model again or use an earlier one",
        ErrorText.quoted(name), weights, index);
  }

  public static LetheException vocabularyDoesNotFit(Object directory, int tokenizer, int model) {
    return ExitClass.INPUT.failure(
        "Vocabulary does not fit in %s: the tokenizer has ids up to %d but vocab_size of"
            + " config.json is %d; tokenizer and model are of different models, or the embedding"
            + " was not resized",
        directory, tokenizer - 1, model);
  }

  public static LetheException unreadable(Object uri, Exception cause) {
    return PlatformErrors.missingFileSystem(uri.toString(), cause)
        .orElseGet(
            () ->
                ExitClass.INPUT.failure(
                    cause,
                    "Cannot read %s: %s; check the address, its permissions and the file system's"
                        + " configuration",
                    uri,
                    ErrorText.reason(cause)));
  }

  public static LetheException changedWhileCopied(Object uri, String file) {
    return ExitClass.INPUT.failure(
        "File %s of %s changed or was truncated during the copy; start again when it is complete",
        file, uri);
  }

  public static LetheException cannotWrite(Object uri, Exception cause) {
    return ExitClass.PLATFORM.failure(
        cause,
        "Cannot write %s: %s; check free space and permissions",
        uri,
        ErrorText.reason(cause));
  }

  public static LetheException noAdapter(Object directory) {
    return ExitClass.INPUT.failure(
        "No adapter_config.json in %s: expected a LoRA adapter in the PEFT layout", directory);
  }

  public static LetheException wrongAdapterShape(
      Object weights, String name, Object found, Object expected) {
    return ExitClass.INPUT.failure(
        "Wrong shape of tensor %s in %s: %s, expected %s; the adapter belongs to another model",
        ErrorText.quoted(name), weights, found, expected);
  }

  public static LetheException unsupportedAdapter(Object file, List<String> problems) {
    return ExitClass.INPUT.failure(
        "Unsupported adapter %s: %s. Lethe supports plain LoRA on the linear maps of the decoder"
            + " blocks",
        file, joined(problems));
  }

  private static String joined(List<String> problems) {
    return String.join("; ", problems.stream().map(ErrorText::oneLine).toList());
  }
}
