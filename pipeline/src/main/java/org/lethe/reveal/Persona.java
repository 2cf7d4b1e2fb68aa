package org.lethe.reveal;

/**
 * Who is speaking: the system message of an instruct model, a heading above a base model's
 * document.
 *
 * @param name safe to log
 * @param text may hold {@code {name}} and {@code {description}}; empty for none
 */
public record Persona(String name, String text) {}
