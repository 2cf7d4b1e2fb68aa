package org.lethe.reveal;

/**
 * Template of a prompt. {@code {name}}, {@code {description}}, {@code {attribute}} and {@code
 * {question}} are filled in from a topic card, and {@code {name}} also inside questions.
 *
 * @param name name, safe to log
 * @param kind kind of model that it suits
 * @param form form of the requested text
 * @param frame text before the ask that is not trained on: questions and answers about other
 *     people; may be empty
 * @param ask question, instruction or beginning of a document
 */
public record Template(String name, ModelKind kind, Form form, String frame, String ask) {
  /** Whether its prompts are about an attribute. */
  boolean asksForAttribute() {
    String text = frame + ask;
    return Placeholders.uses(text, Placeholders.ATTRIBUTE)
        || Placeholders.uses(text, Placeholders.QUESTION);
  }
}
