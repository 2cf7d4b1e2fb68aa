package org.lethe.compute;

/** Whether recurring work on a CUDA device is replayed from CUDA graphs. Results do not change. */
public enum Graphs {
  OFF,
  ON
}
