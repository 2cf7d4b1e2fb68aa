/**
 * What a record says besides figures: the limits of the evaluation, and the copies and derivatives
 * of what was to be forgotten that remain.
 *
 * <p>{@code stage} uses this room. Start reading at {@link org.lethe.jobs.release.RemainingCopies}.
 */
package org.lethe.jobs.release;
