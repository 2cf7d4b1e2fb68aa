/**
 * The choice of a backend for a data type.
 *
 * <p>Code that allocates tensors may use it: decoders and the driver's training state. It is the
 * only package that knows all backends. Start with {@link org.lethe.compute.selection.Backends},
 * which also gives the reason for its choice.
 */
package org.lethe.compute.selection;
