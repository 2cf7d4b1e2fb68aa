package org.lethe.reveal;

/**
 * What a model is asked. {@code {name}}, {@code {description}}, {@code {attribute}} and {@code
 * {question}} are filled in from a topic card, {@code {name}} inside of questions too.
 *
 * @param name safe to log
 * @param kind the models that it is for
 * @param form what it asks for
 * @param frame what stands before it and is not trained on: questions and answers about other
 *     people; may be empty
 * @param ask the question, the instruction or the beginning of a document
 */
public record Template(String name, ModelKind kind, Form form, String frame, String ask) {
  /** Whether prompts made of it are about an attribute. */
  boolean asksForAttribute() {
    String text = frame + ask;
    return Placeholders.uses(text, Placeholders.ATTRIBUTE)
        || Placeholders.uses(text, Placeholders.QUESTION);
  }
}
