package org.lethe.compute.array;

import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.compute.VectorMath;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A backend of ND4J operations only, on whichever ND4J backend is loaded. It serves DOUBLE, for
 * exact checks, and devices that the heap cannot reach.
 *
 * @param type FLOAT or DOUBLE
 */
public record ArrayBackend(DataType type) implements Backend {
  @Override
  public String name() {
    return "array";
  }

  @Override
  public int threads() {
    return Nd4j.getEnvironment().maxThreads();
  }

  @Override
  public Compute compute(int threads) {
    return new ArrayCompute();
  }

  @Override
  public Matrix matrix(int rows, int columns) {
    return ArrayMatrix.allocate(type, rows, columns);
  }

  @Override
  public VectorMath vectors() {
    return new ArrayVectors(type);
  }
}
