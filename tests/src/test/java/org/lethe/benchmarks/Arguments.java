package org.lethe.benchmarks;

/** Optional numbers on the command line of a benchmark. */
record Arguments(String... given) {
  int number(int index, int otherwise) {
    return given.length > index ? Integer.parseInt(given[index]) : otherwise;
  }
}
