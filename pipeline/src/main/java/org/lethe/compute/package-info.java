/**
 * What computes: interfaces of the decoder's arithmetic and of memory, without addresses.
 *
 * <p>All packages above may use them; they never learn whether data lives on the Java heap, in
 * ND4J's memory or on a device. {@link org.lethe.compute.Backend} is where to start reading, then
 * {@link org.lethe.compute.Compute}. A new backend is one package that implements these interfaces
 * and one line in {@code org.lethe.compute.selection.Backends}.
 */
package org.lethe.compute;
