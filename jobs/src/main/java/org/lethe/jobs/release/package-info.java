/**
 * What happens to a decided run: its model is handed over to a folder outside of the run, and its
 * text is deleted when that is due.
 *
 * <p>{@code command} uses this room. Start reading at {@link org.lethe.jobs.release.HandOver}.
 */
package org.lethe.jobs.release;
