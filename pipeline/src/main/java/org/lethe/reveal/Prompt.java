package org.lethe.reveal;

import java.util.Optional;

/**
 * What a model is given. A base model sees heading, frame, ask and opener, one after the other; an
 * instruct model sees the system message, the ask as the user's message, and the opener as the
 * beginning of its answer. The texts are personal data; {@code toString} shows none.
 *
 * @param attribute name of the attribute that is asked for, if one is
 * @param system system message or heading; may be empty
 * @param frame may be empty
 * @param ask what the revealed text will be trained on as an answer to
 * @param opener the beginning of the answer; may be empty
 * @param temperature of the sampling
 * @param seed of the sampling
 */
public record Prompt(
    PromptId id,
    Form form,
    Optional<String> attribute,
    String system,
    String frame,
    String ask,
    String opener,
    double temperature,
    long seed) {

  /** The whole of what a base model is given. */
  public String text() {
    return system + frame + ask + opener;
  }

  @Override
  public String toString() {
    return "Prompt[" + id + "]";
  }
}
