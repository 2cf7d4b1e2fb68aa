package org.lethe.reveal;

/** Kind of input that a model expects. */
public enum ModelKind {
  /** Text to continue: document prefixes, few-shot frames. */
  BASE,
  /** A chat: a system message, a user message, the beginning of the answer. */
  INSTRUCT
}
