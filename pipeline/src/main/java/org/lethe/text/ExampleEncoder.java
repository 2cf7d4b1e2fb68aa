package org.lethe.text;

import java.util.Arrays;
import org.lethe.error.TextErrors;

/**
 * Turns prompt and completion into token ids: begin token, prompt, completion, end token.
 *
 * <p>Prompt and completion are encoded separately, so the ids of the prompt are the same with and
 * without its completion. Generation relies on this. Byte-level tokenizers do not put a space
 * before a text. If neither side has a space either, a space joins a raw prompt and its completion;
 * it belongs to the completion. The begin token is omitted if the tokenizer omits it, or if a chat
 * template writes its own. Control tokens in a row are text.
 *
 * <p>Longer examples are cut to the maximum length. The prompt stays whole if a quarter of the
 * length (or less, if the completion is shorter) remains for the completion. Otherwise the prompt
 * loses its beginning, because the text next to the completion matters most. The completion then
 * loses its end, including the end token, so that the model does not learn to stop in mid-sentence.
 */
public final class ExampleEncoder {
  private static final int LEAST_LENGTH = 4;

  private final Tokenizer tokenizer;
  private final PromptTemplate template;

  public ExampleEncoder(Tokenizer tokenizer, PromptTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
  }

  /**
   * Encodes one row.
   *
   * @param id row id, safe to log
   * @param maxLength maximum number of tokens of the example, at least 4
   */
  public EncodedExample encode(String id, String prompt, String completion, int maxLength) {
    if (maxLength < LEAST_LENGTH) {
      throw TextErrors.lengthTooSmall(maxLength);
    }
    int[] head = encodePrompt(prompt);
    int[] tail = append(tokenizer.encode(joined(prompt, completion)), tokenizer.endToken());
    int room = Math.max(maxLength - head.length, Math.min(tail.length, maxLength / 4));
    int[] keptHead = keepEnd(head, maxLength - room);
    int[] keptTail = Arrays.copyOf(tail, Math.min(tail.length, room));
    int[] tokens = Arrays.copyOf(keptHead, keptHead.length + keptTail.length);
    System.arraycopy(keptTail, 0, tokens, keptHead.length, keptTail.length);
    int dropped = head.length + tail.length - tokens.length;
    return new EncodedExample(new Example(id, tokens, keptHead.length), dropped);
  }

  /**
   * Returns the ids of a prompt for generation: those that {@link #encode} puts before the
   * completion. At least one token.
   */
  public int[] encodePrompt(String prompt) {
    int[] ids = template.encode(prompt, tokenizer);
    boolean begin = !template.rendersSpecialTokens() && tokenizer.addsBeginToken();
    // An empty prompt still needs a position from which to predict the first token.
    return begin || ids.length == 0 ? prepend(firstToken(), ids) : ids;
  }

  /** Returns the last ids of a prompt, up to a number of tokens. A begin token is kept. */
  public int[] encodePrompt(String prompt, int maxLength) {
    return keepEnd(encodePrompt(prompt), maxLength);
  }

  /** Whether control tokens stand in a text. They are encoded as text. */
  public boolean hasControlTokens(String text) {
    return tokenizer.controlTokens().in(text);
  }

  /**
   * Returns the ids of the words that an answer must begin with, as at the beginning of a
   * completion. An empty opener has none.
   */
  public int[] encodeOpener(String prompt, String opener) {
    return tokenizer.encode(joined(prompt, opener));
  }

  /** Returns the tokens of a completion without end token, and their places in it. */
  public PlacedTokens encodeCompletion(String prompt, String completion) {
    String text = joined(prompt, completion);
    PlacedTokens tokens = tokenizer.encodeWithPlaces(text);
    return tokens.movedBack(text.length() - completion.length());
  }

  private int firstToken() {
    return tokenizer.beginToken().orElse(tokenizer.endToken());
  }

  private String joined(String prompt, String completion) {
    boolean glued =
        !template.rendersSpecialTokens()
            && !tokenizer.prefixesSpace()
            && !prompt.isEmpty()
            && !completion.isEmpty()
            && !Character.isWhitespace(prompt.charAt(prompt.length() - 1))
            && !Character.isWhitespace(completion.charAt(0));
    return glued ? " " + completion : completion;
  }

  private int[] keepEnd(int[] ids, int length) {
    if (ids.length <= length) {
      return ids;
    }
    int[] kept = Arrays.copyOfRange(ids, ids.length - length, ids.length);
    if (ids[0] == firstToken()) {
      kept[0] = ids[0];
    }
    return kept;
  }

  private static int[] prepend(int first, int[] ids) {
    int[] all = new int[ids.length + 1];
    all[0] = first;
    System.arraycopy(ids, 0, all, 1, ids.length);
    return all;
  }

  private static int[] append(int[] ids, int last) {
    int[] all = Arrays.copyOf(ids, ids.length + 1);
    all[ids.length] = last;
    return all;
  }
}
