package org.lethe.reveal;

/**
 * Words that an answer is made to begin with.
 *
 * @param name safe to log
 * @param text may hold {@code {name}}; empty for an answer that begins freely
 */
public record Opener(String name, String text) {}
