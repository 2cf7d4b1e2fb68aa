/**
 * Entry points: {@link org.lethe.jobs.Lethe} for the command line and one class per job for {@code
 * spark-submit --class}, all with the same flags. Nothing else lives here.
 *
 * <p>Rooms, highest first: {@code command}, {@code study}, {@code stage}, {@code lineage}, {@code
 * release}, {@code config}, {@code console}. A room uses only the rooms after it. Start reading at
 * {@link org.lethe.jobs.command.LetheCommand}.
 */
package org.lethe.jobs;
