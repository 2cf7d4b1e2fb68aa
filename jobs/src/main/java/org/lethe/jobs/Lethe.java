package org.lethe.jobs;

/** The command line. */
public final class Lethe {
  private Lethe() {}

  public static void main(String[] arguments) {
    System.exit(2);
  }
}
