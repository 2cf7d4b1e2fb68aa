/**
 * ND4J operations only: DOUBLE on the CPU, and both types on devices that ND4J supports.
 *
 * <p>Only {@code org.lethe.compute.selection} and the heap backend may use it, the latter for
 * operations that it has no loop for. Start with {@link org.lethe.compute.array.ArrayBackend}.
 */
package org.lethe.compute.array;
