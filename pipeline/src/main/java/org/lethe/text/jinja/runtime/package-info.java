/**
 * Values of templates, and what templates can do with them, as Python and Jinja do it: truth,
 * equality, arithmetic, attributes, methods of strings, filters, tests, functions.
 *
 * <p>Only {@code text.jinja} uses this package. Start with {@link
 * org.lethe.text.jinja.runtime.Values}.
 */
package org.lethe.text.jinja.runtime;
