package org.lethe.reveal;

/** What a model expects to be given. */
public enum ModelKind {
  /** Text to be continued: document prefixes, few-shot frames. */
  BASE,
  /** A chat: a system message, a user's message, the beginning of the answer. */
  INSTRUCT
}
