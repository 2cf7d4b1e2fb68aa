/**
 * The run directory: its paths, the lock that keeps two runs apart, the manifest that each stage
 * writes last, the gates that a model must pass and the record of the work.
 *
 * <p>All paths are Hadoop file system URIs. Documents are written aside and renamed, so that a
 * reader sees the old or the new one and nothing between. Nothing in this package sees text of a
 * corpus: it works on names, digests and figures.
 */
package org.lethe.run;
