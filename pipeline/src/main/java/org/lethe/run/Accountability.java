package org.lethe.run;

import java.util.List;
import java.util.Optional;

/**
 * What a controller has to document besides the figures.
 *
 * @param legalBasis as given by the user, or empty
 * @param requestReference the user's own reference of the request, or empty
 * @param likelihoodOfExtraction what the next field shows and what it does not
 * @param extraction one entry for each means of extraction that was tried on the forget rows
 * @param copies copies and derivatives that remain
 */
public record Accountability(
    String legalBasis,
    String requestReference,
    String likelihoodOfExtraction,
    List<Means> extraction,
    List<Copy> copies) {
  /** Opinion 28/2024 of the EDPB asks for both ways; the wording claims nothing beyond. */
  public static final String LIKELIHOOD =
      "Opinion 28/2024 of the EDPB asks how likely it is that personal data are extracted from a"
          + " model directly, and that they are obtained by queries. These are the means that were"
          + " tried on the forget rows, and what they gave. They do not show that the likelihood is"
          + " insignificant for any person, nor that the model is anonymous.";

  /** The entry of a record without one. */
  public static final Accountability NONE =
      new Accountability("", "", LIKELIHOOD, List.of(), List.of());

  public Accountability {
    legalBasis = legalBasis == null ? "" : legalBasis;
    requestReference = requestReference == null ? "" : requestReference;
    extraction = extraction == null ? List.of() : List.copyOf(extraction);
    copies = copies == null ? List.of() : List.copyOf(copies);
  }

  /**
   * A means of extraction.
   *
   * @param kind direct or query
   * @param means what was tried, in words
   * @param figure name of its figure
   * @param before figure of the input model, if measured
   * @param after figure of the output model
   * @param low lower bound of the 95 % interval after
   * @param high upper bound of that interval
   * @param rows number of rows
   */
  public record Means(
      String kind,
      String means,
      String figure,
      Optional<Double> before,
      double after,
      double low,
      double high,
      long rows) {
    public Means {
      before = before == null ? Optional.empty() : before;
    }
  }

  /**
   * A copy or a derivative of what was to be forgotten.
   *
   * @param what its kind
   * @param location path or URI
   * @param action what to do with it
   */
  public record Copy(String what, String location, String action) {}
}
