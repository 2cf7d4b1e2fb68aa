package org.lethe.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.error.TextErrors;

/**
 * Trains a small byte-level BPE tokenizer (Sennrich et al., 2016, arXiv 1508.07909, algorithm 1,
 * over bytes as in GPT-2) for models trained from scratch. The result is a tokenizer.json that
 * Hugging Face's library loads. It depends on the texts alone.
 *
 * <p>Ids: 0 {@code <unk>}, 1 {@code <s>}, 2 {@code </s>}, 3 to 258 the bytes, then the merges in
 * the order in which they were found. Any Unicode text survives encoding and decoding.
 */
public final class TokenizerTrainer {
  private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>");
  private static final int BYTES = 256;

  /** A pair that occurs once is not worth a merge. */
  private static final int LEAST_COUNT = 2;

  /** Larger ids would not fit into the packed pair. Far above any real use of this class. */
  private static final int LARGEST_VOCABULARY = 1 << 20;

  /** GPT-2's pattern for words, which the ByteLevel pre-tokenizer of tokenizer.json also uses. */
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** A word of the corpus, as a sequence of its current symbols. */
  private static final class Word {
    private int[] symbols;
    private final long count;

    private Word(int[] symbols, long count) {
      this.symbols = symbols;
      this.count = count;
    }
  }

  /** A pair with its count when it was queued. Stale entries are skipped. */
  private record Candidate(long pair, long count) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      return count != other.count
          ? Long.compare(other.count, count)
          : Long.compare(pair, other.pair);
    }
  }

  private final List<Word> words = new ArrayList<>();
  private final Map<Long, Long> counts = new HashMap<>();
  private final Map<Long, Set<Integer>> places = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

  private TokenizerTrainer() {}

  /**
   * Trains a tokenizer.
   *
   * @param texts the corpus
   * @param vocabularySize maximum number of ids, at least 259; the result has fewer if no pair is
   *     left that occurs twice
   */
  public static TrainedTokenizer train(Iterator<String> texts, int vocabularySize) {
    if (vocabularySize < SPECIAL.size() + BYTES || vocabularySize > LARGEST_VOCABULARY) {
      throw TextErrors.vocabularySize(vocabularySize, SPECIAL.size() + BYTES, LARGEST_VOCABULARY);
    }
    TokenizerTrainer trainer = new TokenizerTrainer();
    trainer.readWords(texts);
    List<long[]> merges = trainer.merges(vocabularySize - SPECIAL.size() - BYTES);
    return describe(merges);
  }

  private void readWords(Iterator<String> texts) {
    Map<String, Long> wordCounts =
        new TreeMap<>(); // sorted, so that the result does not depend on hashes
    while (texts.hasNext()) {
      Matcher matcher = WORD.matcher(texts.next());
      while (matcher.find()) {
        wordCounts.merge(matcher.group(), 1L, Long::sum);
      }
    }
    wordCounts.forEach(
        (text, count) -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          int[] symbols = new int[bytes.length];
          for (int i = 0; i < bytes.length; i++) {
            symbols[i] = SPECIAL.size() + (bytes[i] & 0xff);
          }
          words.add(new Word(symbols, count));
          countPairs(words.size() - 1, 1, new HashSet<>());
        });
    counts.forEach((pair, count) -> queue.add(new Candidate(pair, count)));
  }

  private List<long[]> merges(int wanted) {
    List<long[]> merges = new ArrayList<>();
    while (merges.size() < wanted && !queue.isEmpty()) {
      Candidate best = queue.poll();
      long now = counts.getOrDefault(best.pair(), 0L);
      if (now < LEAST_COUNT) {
        continue;
      }
      if (now != best.count()) {
        queue.add(new Candidate(best.pair(), now));
        continue;
      }
      int merged = SPECIAL.size() + BYTES + merges.size();
      int left = (int) (best.pair() >>> 32);
      int right = (int) best.pair();
      merges.add(new long[] {left, right});
      Set<Long> changed = new HashSet<>();
      for (int index : List.copyOf(places.getOrDefault(best.pair(), Set.of()))) {
        countPairs(index, -1, changed);
        Word word = words.get(index);
        word.symbols = replace(word.symbols, left, right, merged);
        countPairs(index, 1, changed);
      }
      changed.forEach(pair -> queue.add(new Candidate(pair, counts.getOrDefault(pair, 0L))));
    }
    return merges;
  }

  /** Adds a word's pairs to the counts, or subtracts them. */
  private void countPairs(int index, int sign, Set<Long> changed) {
    Word word = words.get(index);
    for (int i = 0; i + 1 < word.symbols.length; i++) {
      long pair = ((long) word.symbols[i] << 32) | word.symbols[i + 1];
      counts.merge(pair, sign * word.count, Long::sum);
      changed.add(pair);
      if (sign > 0) {
        places.computeIfAbsent(pair, p -> new HashSet<>()).add(index);
      } else if (places.containsKey(pair)) {
        places.get(pair).remove(index);
      }
    }
  }

  private static int[] replace(int[] symbols, int left, int right, int merged) {
    int[] replaced = new int[symbols.length];
    int length = 0;
    for (int i = 0; i < symbols.length; i++) {
      boolean hit = i + 1 < symbols.length && symbols[i] == left && symbols[i + 1] == right;
      replaced[length++] = hit ? merged : symbols[i];
      i += hit ? 1 : 0;
    }
    return Arrays.copyOf(replaced, length);
  }

  private static TrainedTokenizer describe(List<long[]> merges) {
    List<String> tokens = new ArrayList<>(SPECIAL);
    for (int b = 0; b < BYTES; b++) {
      tokens.add(Character.toString(byteCharacter(b)));
    }
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (int id = 0; id < SPECIAL.size(); id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", SPECIAL.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    root.putNull("normalizer");
    byteLevel(root.putObject("pre_tokenizer"));
    postProcessor(root.putObject("post_processor"));
    byteLevel(root.putObject("decoder"));
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE").putNull("dropout").put("unk_token", SPECIAL.get(0));
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    ArrayNode mergeList = model.putArray("merges");
    for (long[] merge : merges) {
      String left = tokens.get((int) merge[0]);
      String right = tokens.get((int) merge[1]);
      mergeList.addArray().add(left).add(right);
      tokens.add(left + right);
    }
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    ObjectNode config = JSON.createObjectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("unk_token", SPECIAL.get(0));
    config.put("bos_token", SPECIAL.get(1));
    config.put("eos_token", SPECIAL.get(2));
    config.put("clean_up_tokenization_spaces", false);
    return new TrainedTokenizer(toJson(root), toJson(config), tokens.size());
  }

  private static void byteLevel(ObjectNode node) {
    node.put("type", "ByteLevel").put("add_prefix_space", false);
    node.put("trim_offsets", true).put("use_regex", true);
  }

  /**
   * Adds the begin token before a text when special tokens are requested, as Llama's tokenizer
   * does.
   */
  private static void postProcessor(ObjectNode node) {
    String begin = SPECIAL.get(TrainedTokenizer.BEGIN_TOKEN);
    node.put("type", "TemplateProcessing");
    ArrayNode single = node.putArray("single");
    single.addObject().putObject("SpecialToken").put("id", begin).put("type_id", 0);
    single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    ArrayNode pair = node.putArray("pair");
    pair.addObject().putObject("SpecialToken").put("id", begin).put("type_id", 0);
    pair.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
    ObjectNode special = node.putObject("special_tokens").putObject(begin);
    special.put("id", begin).putArray("ids").add(TrainedTokenizer.BEGIN_TOKEN);
    special.putArray("tokens").add(begin);
  }

  /**
   * GPT-2's printable character for a byte: itself if printable Latin-1, otherwise from U+0100 on.
   */
  private static int byteCharacter(int value) {
    int next = 0x100;
    for (int b = 0; b <= value; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      if (b == value) {
        return printable ? b : next;
      }
      next += printable ? 0 : 1;
    }
    throw new IllegalArgumentException("Invalid byte: " + value);
  }

  private static String toJson(ObjectNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
