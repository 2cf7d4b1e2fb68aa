package org.lethe.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lethe.compute.FlatVector;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.tensor.TensorValues;

/**
 * Place of each trainable tensor in the flat vector. Names and orientation ([out, in]) are those of
 * Hugging Face, or of PEFT for an adapter. A tied head appears once, as the token embedding.
 */
public final class ParameterLayout {
  /**
   * One tensor.
   *
   * @param name Hugging Face (or PEFT) tensor name
   * @param shape [out, in] or [n]
   * @param offset position of the first element in the flat vector
   */
  public record Entry(String name, long[] shape, long offset) {
    /** Layer of the tensor: {@code layers.3}, {@code h.3}, {@code embed_tokens}. */
    public String layer() {
      Matcher block = BLOCK.matcher(name);
      return block.find() ? block.group() : OUTSIDE.matcher(name).replaceFirst("$1");
    }

    /** Number of elements. */
    public long length() {
      long length = 1;
      for (long extent : shape) {
        length = Math.multiplyExact(length, extent);
      }
      return length;
    }
  }

  private static final Pattern BLOCK = Pattern.compile("\\b(?:layers|h)\\.\\d+\\b");
  private static final Pattern OUTSIDE =
      Pattern.compile(
          "^(?:base_model\\.model\\.)?(?:(?:model|transformer|gpt_neox)\\.)?([^.]+).*$");

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final long size;

  /** The layout of tensors one after another. */
  static ParameterLayout of(List<TensorSpec> tensors) {
    List<Entry> entries = new ArrayList<>();
    long offset = 0;
    for (TensorSpec tensor : tensors) {
      entries.add(new Entry(tensor.name(), tensor.shape(), offset));
      offset += tensor.length();
    }
    return new ParameterLayout(entries);
  }

  ParameterLayout(List<Entry> ordered) {
    long next = 0;
    for (Entry entry : ordered) {
      if (entry.offset() != next || entries.put(entry.name(), entry) != null) {
        throw new IllegalArgumentException("Invalid layout: " + entry.name());
      }
      next += entry.length();
    }
    size = next;
  }

  /** P, elements in the flat vector. */
  public long size() {
    return size;
  }

  /** All tensors in the order of the flat vector, without gaps. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** The names of all tensors. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** The tensor with that name, if it is trained. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** The tensor that covers an index of the flat vector, for messages about a bad element. */
  public Entry at(long index) {
    return entries.values().stream()
        .filter(e -> index >= e.offset() && index < e.offset() + e.length())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Invalid index: " + index));
  }

  /** A view of one tensor of a flat vector [P], in its own shape. */
  public TensorValues view(FlatVector flat, Entry entry) {
    return flat.tensor(entry.offset(), entry.shape());
  }
}
