package org.lethe.cluster;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.Tuple2;

/** A worker's end of a {@link RoundTransport}. */
interface StateHandle extends Serializable {
  /** Copies the round's values into the worker's vectors. */
  void writeTo(List<INDArray> vectors);

  /**
   * Hands over a contribution, read from the vectors not before the returned stream is.
   *
   * @param weight in an average
   * @param lease of the model whose vectors these are
   * @return what the task returns besides its report
   */
  Stream<Tuple2<Integer, Piece>> contribute(
      int worker, double weight, List<INDArray> vectors, ResidentModel.Lease lease);
}
