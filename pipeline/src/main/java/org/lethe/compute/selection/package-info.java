/**
 * The choice of a backend for a data type.
 *
 * <p>Whoever creates memory may use it: decoders and the driver's training state. It is the only
 * package that knows all backends. Start with {@link org.lethe.compute.selection.Backends}, which
 * also says why it chose one.
 */
package org.lethe.compute.selection;
