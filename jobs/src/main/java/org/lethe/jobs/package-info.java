/**
 * The command line, the Spark jobs and what binds configuration to the settings of the library.
 *
 * <p>{@link org.lethe.jobs.Lethe} runs any command with embedded Spark; one class per job does the
 * same under spark-submit with the same flags. Everything a user reads on a terminal is written
 * here.
 */
package org.lethe.jobs;
