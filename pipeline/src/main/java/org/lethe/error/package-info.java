/**
 * Failures that a user can act on, and every message about them.
 *
 * <p>Every package may use this one; it uses none. Start with {@link
 * org.lethe.error.LetheException} for the contract and {@link org.lethe.error.ExitClass} for the
 * process exit status. Each {@code *Errors} class holds the messages of one area. Add a message
 * there, not where the failure occurs.
 */
package org.lethe.error;
