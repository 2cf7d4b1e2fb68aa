/**
 * OpenLineage events of commands: what entered, what was released, for which request. Holds no row
 * text.
 *
 * <p>{@code command} uses this room. Start reading at {@link org.lethe.jobs.lineage.Lineage}.
 */
package org.lethe.jobs.lineage;
