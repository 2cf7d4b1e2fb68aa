package org.lethe.error;

/** Messages about tokenizers, chat templates and examples. They hold row ids, never text. */
public final class TextErrors {
  private TextErrors() {}

  public static LetheException noTokenizer(Object directory) {
    return input(
        "No tokenizer.json in "
            + directory
            + ": a fast Hugging Face tokenizer is needed; save the tokenizer with"
            + " AutoTokenizer.from_pretrained(...).save_pretrained(...)");
  }

  public static LetheException unreadable(Object file, Exception cause) {
    return new LetheException(
        ExitClass.INPUT,
        "Cannot read "
            + file
            + ": "
            + SafetensorsErrors.reason(cause)
            + "; check that it exists and is valid JSON",
        cause);
  }

  public static LetheException badTokenizer(Object file, Exception cause) {
    return new LetheException(
        ExitClass.INPUT,
        "Cannot load tokenizer "
            + file
            + ": "
            + SafetensorsErrors.reason(cause)
            + "; get the file again or save it with a current tokenizers library",
        cause);
  }

  public static LetheException badTokenizerFile(Object file, String problem) {
    return input("Invalid tokenizer file " + file + ": " + problem);
  }

  public static LetheException noEndToken(Object directory) {
    return input(
        "No end token: neither tokenizer_config.json, special_tokens_map.json,"
            + " generation_config.json nor config.json in "
            + directory
            + " names one that the tokenizer knows; add eos_token to tokenizer_config.json");
  }

  public static LetheException noChatTemplate(Object directory) {
    return input(
        "No chat template in "
            + directory
            + ": expected chat_template in tokenizer_config.json or a chat_template.jinja file; use"
            + " the raw prompt template instead");
  }

  /** A template's failure. The cause is not kept: it may quote what the template was given. */
  public static LetheException chatTemplateFailed(String where, String problem) {
    return input(
        "Chat template of "
            + where
            + " cannot be used: "
            + problem
            + "; use the raw prompt template instead, or a simpler chat template");
  }

  public static LetheException lengthTooSmall(int maxLength) {
    return new LetheException(
        ExitClass.USAGE, "Invalid maximum length: " + maxLength + " tokens, expected at least 4");
  }

  public static LetheException vocabularySize(int size, int least, int most) {
    return new LetheException(
        ExitClass.USAGE,
        "Invalid vocabulary size: " + size + ", expected " + least + " to " + most);
  }

  public static LetheException cannotWrite(Object directory, Exception cause) {
    return new LetheException(
        ExitClass.PLATFORM,
        "Cannot write the tokenizer into "
            + directory
            + ": "
            + SafetensorsErrors.reason(cause)
            + "; check free space and permissions",
        cause);
  }

  private static LetheException input(String message) {
    return new LetheException(ExitClass.INPUT, message);
  }
}
