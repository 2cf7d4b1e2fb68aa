/**
 * Tables around a run: corpora and requests that come from tables, and the table of row figures.
 * Stages see files only.
 */
package org.lethe.jobs.table;
