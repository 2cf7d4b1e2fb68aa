package org.lethe.compute;

/**
 * A matrix that is a window of its backend's memory.
 *
 * @param <M> the backend's matrix
 */
public abstract class WindowMatrix<M extends Matrix> implements Matrix {
  private final Window window;

  protected WindowMatrix(Window window) {
    this.window = window;
  }

  /** Returns another window of the same memory; this matrix for its own window. */
  protected abstract M cut(Window part);

  protected final Window window() {
    return window;
  }

  @Override
  public final int rows() {
    return window.rows();
  }

  @Override
  public final int columns() {
    return window.columns();
  }

  @Override
  public final M rows(int from, int count) {
    return cut(window.rows(from, count));
  }

  @Override
  public final M columns(int from, int count) {
    return cut(window.columns(from, count));
  }
}
