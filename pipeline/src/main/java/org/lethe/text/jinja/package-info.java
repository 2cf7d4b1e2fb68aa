/**
 * An interpreter for the part of Jinja that chat templates use. It renders what Python's Jinja
 * renders with the settings of Hugging Face transformers, and rejects, by name, what it does not
 * know.
 *
 * <p>Only {@code text} and {@code report} use this package. Start with {@link
 * org.lethe.text.jinja.JinjaTemplate}. A template comes with a model and is not trusted: it reaches
 * no Java object, loads nothing, and is stopped if it runs or writes too much. Messages of
 * exceptions never quote the values that a template works on, because they may be personal data.
 */
package org.lethe.text.jinja;
