package org.lethe.reveal;

/**
 * Words that an answer must begin with.
 *
 * @param name name, safe to log
 * @param text may contain {@code {name}}; empty for a free beginning
 */
public record Opener(String name, String text) {}
