package org.lethe.error;

/** Failures of tokenizers, chat templates and examples. Messages contain row ids, never text. */
public final class TextErrors {
  private TextErrors() {}

  public static LetheException noTokenizer(Object directory) {
    return ExitClass.INPUT.failure(
        "No tokenizer.json in %s: expected a fast Hugging Face tokenizer; save the tokenizer with"
            + " AutoTokenizer.from_pretrained(...).save_pretrained(...)",
        directory);
  }

  public static LetheException unreadable(Object file, Exception cause) {
    return ExitClass.INPUT.failure(
        cause,
        "Cannot read %s: %s; check that it exists and is valid JSON",
        file,
        ErrorText.reason(cause));
  }

  public static LetheException badTokenizer(Object file, Exception cause) {
    return ExitClass.INPUT.failure(
        cause,
        "Cannot load tokenizer %s: %s; get the file again or save it with a current tokenizers"
            + " library",
        file,
        ErrorText.reason(cause));
  }

  public static LetheException badTokenizerFile(Object file, String problem) {
    return ExitClass.INPUT.failure("Invalid tokenizer file %s: %s", file, problem);
  }

  public static LetheException noEndToken(Object directory) {
    return ExitClass.INPUT.failure(
        "No end token: tokenizer_config.json, special_tokens_map.json, generation_config.json and"
            + " config.json in %s name none that the tokenizer knows; add eos_token to"
            + " tokenizer_config.json",
        directory);
  }

  public static LetheException noChatTemplate(Object directory) {
    return ExitClass.INPUT.failure(
        "No chat template in %s: expected chat_template in tokenizer_config.json or a"
            + " chat_template.jinja file; use the raw prompt template instead",
        directory);
  }

  /** A failed template. Keeps no cause, because the cause may quote the template's input. */
  public static LetheException chatTemplateFailed(String where, String problem) {
    return ExitClass.INPUT.failure(
        "Invalid chat template of %s: %s; use the raw prompt template instead, or a simpler chat"
            + " template",
        where, problem);
  }

  /** A text whose control tokens cannot be told from text. Names no text. */
  public static LetheException controlTokenFromText(Object tokenizer) {
    return ExitClass.INPUT.failure(
        "Cannot encode a row that contains control tokens as text: the tokenizer %s makes a control"
            + " token of its characters; set such rows aside with"
            + " lethe.corpus.control-tokens=set-aside",
        tokenizer);
  }

  public static LetheException lengthTooSmall(int maxLength) {
    return ExitClass.USAGE.failure(
        "Invalid maximum length: %d tokens, expected at least 4", maxLength);
  }

  public static LetheException vocabularySize(int size, int least, int most) {
    return ExitClass.USAGE.failure(
        "Invalid vocabulary size: %d, expected %d to %d", size, least, most);
  }

  public static LetheException cannotWrite(Object directory, Exception cause) {
    return ExitClass.PLATFORM.failure(
        cause,
        "Cannot write the tokenizer into %s: %s; check free space and permissions",
        directory,
        ErrorText.reason(cause));
  }
}
