package org.lethe.reveal;

/**
 * Speaker of the prompt: the system message of an instruct model, or a heading above a base model's
 * document.
 *
 * @param name name, safe to log
 * @param text may contain {@code {name}} and {@code {description}}; empty for none
 */
public record Persona(String name, String text) {}
