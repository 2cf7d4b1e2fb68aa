/**
 * The machine and the account that a process runs on: private folders, folders from which native
 * libraries can be loaded, limits of containers, the BLAS kernel.
 *
 * <p>Every package above {@code error} may use this one. Start with {@link
 * org.lethe.platform.NativeFolders} and {@link org.lethe.platform.BlasKernel}.
 */
package org.lethe.platform;
