/**
 * FLOAT on the CPU, the fast path of every run without an accelerator.
 *
 * <p>Only {@code org.lethe.compute.selection} may use it. {@link
 * org.lethe.compute.heap.HeapBackend} is the entry; {@code FloatCompute} lists the operations, each
 * in a class named after its subject (products, attention, norms, logits).
 */
package org.lethe.compute.heap;
