package org.lethe.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.lethe.error.TextErrors;

/**
 * The tokenizer of a directory for texts in which control tokens stand as text. It knows a control
 * token only between fences, see {@link ControlTokens#isolated}; everything else about it is the
 * same. Such texts are rare, so it is loaded for the first of them.
 */
final class SplittingTokenizer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TokenizerFiles files;
  private final Set<Integer> controlIds;
  private HuggingFaceTokenizer loaded;

  /**
   * @param controlIds ids that only control tokens have: not that of the unknown token
   */
  SplittingTokenizer(TokenizerFiles files, Set<Integer> controlIds) {
    this.files = files;
    this.controlIds = controlIds;
  }

  /**
   * Encodes a text.
   *
   * @param control number of control tokens between fences, without the unknown token
   */
  int[] encode(String text, long control) {
    Encoding encoding = tokenizer().encode(text, false, false);
    String[] tokens = encoding.getTokens();
    long[] given = encoding.getIds();
    int[] ids = new int[given.length];
    long found = 0;
    for (int i = 0; i < ids.length; i++) {
      String token = tokens[i];
      boolean fenced = token.length() > 2 && token.charAt(0) == ControlTokens.FENCE;
      String own = fenced ? token.substring(1, token.length() - 1) : token;
      // The library numbers added tokens anew.
      Integer known = files.addedTokens().get(own);
      ids[i] = known == null ? Math.toIntExact(given[i]) : known;
      found += controlIds.contains(ids[i]) ? 1 : 0;
    }
    if (found != control) {
      throw TextErrors.controlTokenFromText(files.tokenizerJson());
    }
    return ids;
  }

  private synchronized HuggingFaceTokenizer tokenizer() {
    if (loaded == null) {
      try {
        JsonNode root = JSON.readTree(Files.readAllBytes(files.tokenizerJson()));
        for (JsonNode token : root.path("added_tokens")) {
          String text = token.path("content").asText();
          if (files.controlTokens().contains(text)) {
            String fenced = ControlTokens.FENCE + text + ControlTokens.FENCE;
            ((ObjectNode) token).put("content", fenced);
          }
        }
        // It names special tokens, and nothing here asks for it.
        ((ObjectNode) root).putNull("post_processor");
        loaded =
            HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(JSON.writeValueAsBytes(root)), Tokenizer.AS_GIVEN);
      } catch (IOException | RuntimeException e) {
        throw TextErrors.badTokenizer(files.tokenizerJson(), e);
      }
    }
    return loaded;
  }

  @Override
  public synchronized void close() {
    if (loaded != null) {
      loaded.close();
    }
  }
}
