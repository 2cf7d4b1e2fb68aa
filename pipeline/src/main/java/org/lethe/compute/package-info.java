/**
 * Interfaces of the decoder's arithmetic and memory, without addresses.
 *
 * <p>All packages above may use them. These packages do not depend on whether data lives on the
 * Java heap, in ND4J's memory or on a device. Start with {@link org.lethe.compute.Backend}, then
 * {@link org.lethe.compute.Compute}. A new backend is one package that implements these interfaces
 * and one line in {@code org.lethe.compute.selection.Backends}.
 */
package org.lethe.compute;
