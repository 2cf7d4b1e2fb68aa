package org.lethe.corpus.table;

import java.io.Serializable;

/**
 * A written file of a copied table.
 *
 * @param file name in the folder
 */
record TablePart(String file, long rows, String sha256) implements Serializable {}
