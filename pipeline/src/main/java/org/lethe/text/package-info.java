/**
 * From text to token ids and back: tokenizer, prompt templates, examples whose loss covers the
 * completion, and batches.
 *
 * <p>Text that passes through here may be personal data; messages name rows by id only.
 */
package org.lethe.text;
