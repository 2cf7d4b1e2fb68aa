/**
 * The run directory: its paths, the manifest that each stage writes last, the gates that a model
 * must pass, and the record of the work.
 *
 * <p>Packages from {@code corpus} upwards use this one. Start with {@link
 * org.lethe.run.RunDirectory} and {@link org.lethe.run.Stages}. All paths are Hadoop file system
 * URIs. Documents are published whole, so a reader sees the old or the new one. This package never
 * sees text of a corpus: it works on names, digests and figures.
 */
package org.lethe.run;
