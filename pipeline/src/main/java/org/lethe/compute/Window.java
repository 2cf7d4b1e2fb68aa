package org.lethe.compute;

/**
 * Where a row-major matrix lies in the memory that it shares with other windows.
 *
 * @param firstRow first row in the whole memory
 * @param firstColumn first column in the whole memory
 * @param rows number of rows
 * @param columns number of columns
 * @param stride elements from one row to the next
 */
public record Window(int firstRow, int firstColumn, int rows, int columns, int stride) {
  /** Returns the window of the whole memory. */
  public static Window whole(int rows, int columns) {
    return new Window(0, 0, rows, columns, columns);
  }

  /** Returns the window of some rows; of all rows, this one. */
  public Window rows(int from, int count) {
    if (from == 0 && count == rows) {
      return this;
    }
    if (from < 0 || from + count > rows) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + rows + " rows");
    }
    return new Window(firstRow + from, firstColumn, count, columns, stride);
  }

  /** Returns the window of some columns; of all columns, this one. */
  public Window columns(int from, int count) {
    if (from == 0 && count == columns) {
      return this;
    }
    if (from < 0 || from + count > columns) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + columns + " columns");
    }
    return new Window(firstRow, firstColumn + from, rows, count, stride);
  }

  /** Returns the number of elements in the whole memory before the first one of this window. */
  public long first() {
    return (long) firstRow * stride + firstColumn;
  }

  /** Whether rows follow each other without a gap. */
  public boolean isDense() {
    return stride == columns || rows == 1;
  }
}
