/**
 * What happens to the text of a run after its decision: which files hold text, when they are
 * deleted, and the document that says so.
 *
 * <p>{@code audit} and {@code jobs} use this package; it uses {@code run}. Start with {@link
 * org.lethe.run.retention.Deletion}.
 */
package org.lethe.run.retention;
