/**
 * What a person sees while a command runs: lines, progress, tables, failures, and where the log is.
 *
 * <p>The lowest room of jobs: it knows neither configuration nor stages, and every other room may
 * use it. Start reading at {@link org.lethe.jobs.console.Terminal}.
 */
package org.lethe.jobs.console;
