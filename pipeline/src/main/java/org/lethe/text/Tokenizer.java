package org.lethe.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.lethe.error.TextErrors;
import org.lethe.platform.NativeHeap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokenizer of a Hugging Face directory, run by the Hugging Face library, offline.
 *
 * <p>Encoding adds no begin or end token, no truncation and no padding, whatever tokenizer.json
 * configures; {@link ExampleEncoder} adds the tokens. A control token that stands in a text is
 * text: its characters are encoded like any others, as Hugging Face does with {@code
 * split_special_tokens}. Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tokenizer.class);

  static {
    // The DJL library reports its use to its vendor when it runs on EC2 (ai.djl.util.Ec2Utils), and
    // downloads missing files. A job that handles personal data must not connect to the outside.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  static final Map<String, String> AS_GIVEN =
      Map.of("addSpecialTokens", "false", "truncation", "do_not_truncate", "padding", "do_not_pad");

  private final TokenizerFiles files;
  private final HuggingFaceTokenizer tokenizer;
  private final int endToken;
  private final boolean addsBeginToken;
  private final boolean prefixesSpace;
  private final String unknownToken;
  private final ControlTokens controlTokens;
  private final Set<Integer> controlIds;
  private final SplittingTokenizer splitting;

  private Tokenizer(TokenizerFiles files, HuggingFaceTokenizer tokenizer, int endToken) {
    this.files = files;
    this.tokenizer = tokenizer;
    this.endToken = endToken;
    // Text that the vocabulary lacks becomes the unknown token too.
    this.unknownToken = files.specialTokens().getOrDefault("unk_token", "");
    this.controlTokens = new ControlTokens(files.controlTokens());
    this.controlIds =
        files.controlTokens().stream()
            .filter(token -> !token.equals(unknownToken))
            .map(files.addedTokens()::get)
            .collect(Collectors.toUnmodifiableSet());
    this.splitting = new SplittingTokenizer(files, controlIds);
    String[] tokens = tokenizer.encode("a", false, false).getTokens();
    // SentencePiece marks the beginning of a word with U+2581, byte-level vocabularies with U+0120.
    this.prefixesSpace =
        tokens.length > 0 && (tokens[0].startsWith("\u2581") || tokens[0].startsWith("\u0120"));
    long[] ids = tokenizer.encode("a", true, false).getIds();
    this.addsBeginToken =
        files.beginToken().isPresent() && ids.length > 0 && ids[0] == files.beginToken().getAsInt();
    warnOf("add_bos_token", addsBeginToken);
    warnOf("add_eos_token", ids.length > 0 && ids[ids.length - 1] == endToken);
  }

  /** The post-processor decides what is added, as in transformers 5. */
  private void warnOf(String key, boolean adds) {
    if (files.statedEnds().getOrDefault(key, adds) != adds) {
      LOG.warn(
          "{} of tokenizer_config.json is ignored, as transformers 5 does: {} decides by its"
              + " post-processor, which {}",
          key,
          files.tokenizerJson(),
          adds ? "adds the token" : "does not add the token");
    }
  }

  /** - */
  public static Tokenizer open(Path directory) {
    TokenizerFiles files = TokenizerFiles.read(directory);
    int endToken = files.endToken().orElseThrow(() -> TextErrors.noEndToken(directory));
    try (InputStream json = Files.newInputStream(files.tokenizerJson())) {
      return new Tokenizer(files, HuggingFaceTokenizer.newInstance(json, AS_GIVEN), endToken);
    } catch (IOException | RuntimeException e) {
      throw TextErrors.badTokenizer(files.tokenizerJson(), e);
    } finally {
      // Reading takes three times the memory that the tokenizer keeps.
      NativeHeap.trim();
    }
  }

  /**
   * Returns the bytes outside the Java heap that the tokenizer of a directory takes while it is
   * open: 4.5 for each byte of tokenizer.json, measured with 33 MB of Gemma 3 and 3.5 MB of
   * SmolLM2.
   */
  public static long memory(Path directory) {
    return TokenizerFiles.tokenizerJson(directory).toFile().length() * 9 / 2;
  }

  /** Returns the token ids of a text. Control tokens in it are encoded as text. */
  public int[] encode(String text) {
    int[] ids = encodeWithControl(text);
    // The ids show every control token, also one that a normaliser makes of other characters, but
    // not which unknown token stands in the text.
    boolean control =
        Arrays.stream(ids).anyMatch(controlIds::contains)
            || !unknownToken.isEmpty() && text.contains(unknownToken);
    return control ? splitting.encode(text, 0) : ids;
  }

  /**
   * Returns the tokens of a text with their places in it. Of a text with control tokens, every
   * token's place is the whole text.
   */
  public PlacedTokens encodeWithPlaces(String text) {
    int[] ids = encode(text);
    int[] from = new int[ids.length];
    int[] to = new int[ids.length];
    Arrays.fill(to, text.length());
    if (!text.isEmpty()) {
      Encoding encoding = tokenizer.encode(text, false, false);
      CharSpan[] spans = encoding.getCharTokenSpans();
      long[] placed = encoding.getIds();
      if (Arrays.equals(Arrays.stream(placed).mapToInt(Math::toIntExact).toArray(), ids)) {
        for (int i = 0; i < ids.length; i++) {
          if (spans[i] != null) {
            from[i] = text.offsetByCodePoints(0, spans[i].getStart());
            to[i] = text.offsetByCodePoints(0, spans[i].getEnd());
          }
        }
      }
    }
    return new PlacedTokens(ids, from, to);
  }

  /**
   * Returns the token ids of a text with control tokens of its own. Those that {@link
   * ControlTokens#marked} has marked are encoded as text.
   */
  int[] encodeMarked(String text) {
    long control = controlTokens.count(text, unknownToken);
    if (!ControlTokens.hasMarks(text)) {
      int[] ids = encodeWithControl(text);
      if (Arrays.stream(ids).filter(controlIds::contains).count() == control) {
        return ids;
      }
    }
    return splitting.encode(controlTokens.isolated(text), control);
  }

  private int[] encodeWithControl(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    Encoding encoding = tokenizer.encode(text, false, false);
    return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
  }

  /** The tokens that are never text of a row. */
  public ControlTokens controlTokens() {
    return controlTokens;
  }

  /** Returns the text of token ids, without special tokens. */
  public String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  /** Id of the token that begins a text, if there is one. */
  public OptionalInt beginToken() {
    return files.beginToken();
  }

  /** Id of the token that ends a completion. */
  public int endToken() {
    return endToken;
  }

  /** Whether this tokenizer adds the begin token when special tokens are requested. */
  public boolean addsBeginToken() {
    return addsBeginToken;
  }

  /** Whether encoding treats a text as if a space preceded it, as Llama's SentencePiece does. */
  public boolean prefixesSpace() {
    return prefixesSpace;
  }

  /** One more than the largest id. */
  public int vocabularySize() {
    return files.vocabularySize();
  }

  /** Text of the special tokens by role: {@code bos_token}, {@code eos_token}... */
  public Map<String, String> specialTokens() {
    return files.specialTokens();
  }

  /** The model's Jinja chat template, if it has one. */
  public Optional<String> chatTemplate() {
    return files.chatTemplate();
  }

  @Override
  public void close() {
    tokenizer.close();
    splitting.close();
    NativeHeap.trim();
  }
}
