/**
 * ND4J operations alone: DOUBLE on the CPU, and both types on devices that ND4J supports.
 *
 * <p>Only {@code org.lethe.compute.selection} and the heap backend, for operations that it has no
 * loop for, may use it. {@link org.lethe.compute.array.ArrayBackend} is the entry.
 */
package org.lethe.compute.array;
