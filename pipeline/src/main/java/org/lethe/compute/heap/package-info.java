/**
 * FLOAT on the CPU, the fast path for runs without an accelerator.
 *
 * <p>Only {@code org.lethe.compute.selection} may use it. Start with {@link
 * org.lethe.compute.heap.HeapBackend}. {@code FloatCompute} lists the operations, each in a class
 * named after its subject (products, attention, norms, logits).
 */
package org.lethe.compute.heap;
