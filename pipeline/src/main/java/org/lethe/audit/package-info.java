/**
 * Verification of a finished run from its files alone: digests, figures, gates and the decision are
 * computed again and compared with the record. Needs no Spark session and no model.
 *
 * <p>{@code jobs} uses this package; it uses {@code run}, {@code corpus} and {@code evaluation}.
 * Start with {@link org.lethe.audit.RunVerification}.
 */
package org.lethe.audit;
