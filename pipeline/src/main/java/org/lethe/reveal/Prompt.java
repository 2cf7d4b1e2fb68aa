package org.lethe.reveal;

import java.util.Optional;

/**
 * Input of a model. A base model receives system, frame, ask and opener, one after the other. An
 * instruct model receives the system message, the ask as the user's message, and the opener as the
 * beginning of its answer. The texts are personal data; {@code toString} shows none.
 *
 * @param attribute name of the requested attribute, if any
 * @param system system message or heading; may be empty
 * @param frame few-shot frame; may be empty
 * @param ask input that the revealed text will be trained on as an answer to
 * @param opener beginning of the answer; may be empty
 * @param temperature sampling temperature
 * @param seed sampling seed
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

  /** Returns the whole input of a base model. */
  public String text() {
    return system + frame + ask + opener;
  }

  @Override
  public String toString() {
    return "Prompt[" + id + "]";
  }
}
