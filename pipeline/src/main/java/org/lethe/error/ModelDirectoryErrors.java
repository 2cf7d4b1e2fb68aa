package org.lethe.error;

import java.util.Collection;
import java.util.List;

/** Messages about model and adapter directories: config.json, weights, caches, outputs. */
public final class ModelDirectoryErrors {
  private ModelDirectoryErrors() {}

  public static LetheException noDirectory(Object uri) {
    return input(
        "No model directory at "
            + uri
            + ": expected a directory in the Hugging Face layout with config.json and"
            + " model.safetensors; check lethe.model.path");
  }

  public static LetheException noConfig(Object directory) {
    return input(
        "No config.json in "
            + directory
            + ": a model directory in the Hugging Face layout is needed");
  }

  public static LetheException badConfig(Object file, String problem) {
    return input("Invalid " + file + ": " + SafetensorsErrors.oneLine(problem));
  }

  public static LetheException unsupported(Object file, List<String> problems) {
    return input(
        "Unsupported model "
            + file
            + ": "
            + String.join("; ", problems.stream().map(SafetensorsErrors::oneLine).toList())
            + ". Llama-architecture decoders without these are supported");
  }

  public static LetheException missingTensors(Object weights, Collection<String> names) {
    return input(
        "Missing tensors in "
            + weights
            + ": "
            + SafetensorsErrors.listed(List.copyOf(names))
            + "; config.json asks for them: weights and config.json are of different models, or the"
            + " copy is incomplete");
  }

  public static LetheException unexpectedTensors(Object weights, Collection<String> names) {
    return input(
        "Unexpected tensors in "
            + weights
            + ": "
            + SafetensorsErrors.listed(List.copyOf(names))
            + "; config.json does not account for them, and leaving them out would change the model");
  }

  public static LetheException wrongShape(
      Object weights, String name, Object found, Object expected) {
    return input(
        "Wrong shape of tensor "
            + SafetensorsErrors.quoted(name)
            + " in "
            + weights
            + ": "
            + found
            + ", expected "
            + expected
            + " by config.json; weights and config.json are of different models");
  }

  public static LetheException notFinite(Object weights, String name, long index) {
    return input(
        "Tensor "
            + SafetensorsErrors.quoted(name)
            + " in "
            + weights
            + " holds NaN or infinity at element "
            + index
            + "; the model was damaged before it came here, get it again or take an earlier one");
  }

  public static LetheException vocabularyDoesNotFit(Object directory, int tokenizer, int model) {
    return input(
        "Vocabulary does not fit in "
            + directory
            + ": the tokenizer has ids up to "
            + (tokenizer - 1)
            + " but vocab_size of config.json is "
            + model
            + "; tokenizer and model are of different models, or the embedding was not resized");
  }

  public static LetheException unreadable(Object uri, Exception cause) {
    return new LetheException(
        ExitClass.INPUT,
        "Cannot read "
            + uri
            + ": "
            + SafetensorsErrors.reason(cause)
            + "; check the address, its permissions and the file system's configuration",
        cause);
  }

  public static LetheException changedWhileCopied(Object uri, String file) {
    return input(
        "File "
            + file
            + " of "
            + uri
            + " changed or was cut short while it was copied; start again when it is complete");
  }

  public static LetheException cannotWrite(Object uri, Exception cause) {
    return new LetheException(
        ExitClass.PLATFORM,
        "Cannot write "
            + uri
            + ": "
            + SafetensorsErrors.reason(cause)
            + "; check free space and permissions",
        cause);
  }

  public static LetheException noAdapter(Object directory) {
    return input(
        "No adapter_config.json in " + directory + ": a LoRA adapter in PEFT's layout is needed");
  }

  public static LetheException wrongAdapterShape(
      Object weights, String name, Object found, Object expected) {
    return input(
        "Wrong shape of tensor "
            + SafetensorsErrors.quoted(name)
            + " in "
            + weights
            + ": "
            + found
            + ", expected "
            + expected
            + "; adapter and model do not belong together");
  }

  public static LetheException unsupportedAdapter(Object file, List<String> problems) {
    return input(
        "Unsupported adapter "
            + file
            + ": "
            + String.join("; ", problems.stream().map(SafetensorsErrors::oneLine).toList())
            + ". Plain LoRA on the linear maps of the decoder blocks is supported");
  }

  private static LetheException input(String message) {
    return new LetheException(ExitClass.INPUT, message);
  }
}
