/**
 * Turns text into token ids and back: tokenizer, prompt templates, examples whose loss covers the
 * completion, and batches.
 *
 * <p>Packages from {@code model} upwards may use this one; it uses {@code error} only. Start with
 * {@link org.lethe.text.ExampleEncoder}. Text in this package may be personal data, so messages
 * name rows by id only.
 */
package org.lethe.text;
