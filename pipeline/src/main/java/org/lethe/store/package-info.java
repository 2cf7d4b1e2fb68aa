/**
 * Files and folders on any Hadoop file system: opening it, publishing documents and folders whole,
 * and stopping a process that no longer owns a folder.
 *
 * <p>Every package uses this one; it uses {@code error} alone. Start with {@link
 * org.lethe.store.Publisher}. No class here assumes that a rename replaces or refuses an existing
 * target: local disks replace it, HDFS returns false, S3A throws an exception.
 */
package org.lethe.store;
