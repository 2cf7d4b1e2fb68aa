/**
 * The commands of the command line: flags, Spark session, run directory, result.json.
 *
 * <p>The highest room of jobs; only the entry points in {@code org.lethe.jobs} use it. Start
 * reading at {@link org.lethe.jobs.command.LetheCommand}, which every command extends.
 */
package org.lethe.jobs.command;
