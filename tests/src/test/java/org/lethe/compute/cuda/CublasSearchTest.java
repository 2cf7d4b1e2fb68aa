package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where cuBLAS is searched, and in which order. */
final class CublasSearchTest {
  @TempDir private Path root;

  private String library(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.createFile(file).toString();
  }

  @Test
  void theLoaderIsAskedForEachVersionWhereNothingIsFound() {
    assertThat(new CublasSearch(Map.of(), root).candidates())
        .containsExactly("libcublas.so.13", "libcublas.so.12", "libcublas.so.11");
  }

  @Test
  void foldersOfCudaComeBeforePackagesOfPython() throws IOException {
    String newer = library("usr/local/cuda-13.0/lib64/libcublas.so.13");
    String cuda = library("usr/local/cuda/lib64/libcublas.so.12");
    String older = library("usr/local/cuda-11.8/lib64/libcublas.so.11");
    String home = library("opt/cuda/lib64/libcublas.so.12");
    String system = library("usr/lib/python3.11/dist-packages/nvidia/cublas/lib/libcublas.so.12");
    String conda =
        library("opt/conda/lib/python3.12/site-packages/nvidia/cu13/lib/libcublas.so.13");
    String user =
        library("home/a/.local/lib/python3.11/site-packages/nvidia/cublas/lib/libcublas.so.11");
    String virtual =
        library("opt/venv/lib/python3.12/site-packages/nvidia/cublas/lib/libcublas.so.12");
    library("usr/local/cuda-12.4/lib64/libcublas.so.9");
    Map<String, String> environment =
        Map.of(
            "CUDA_HOME", root.resolve("opt/cuda").toString(),
            "CUDA_PATH", "",
            "VIRTUAL_ENV", root.resolve("opt/venv").toString(),
            "CONDA_PREFIX", root.resolve("opt/conda").toString(),
            "HOME", root.resolve("home/a").toString());

    assertThat(new CublasSearch(environment, root).candidates())
        .startsWith("libcublas.so.13", "libcublas.so.12", "libcublas.so.11")
        .endsWith(home, cuda, newer, older, virtual, conda, user, system)
        .hasSize(11);
  }

  @Test
  void newerVersionsOfAFolderComeFirst() throws IOException {
    String older = library("usr/local/cuda/lib64/libcublas.so.11");
    String newer = library("usr/local/cuda/lib64/libcublas.so.12");

    assertThat(new CublasSearch(Map.of(), root).candidates()).endsWith(newer, older);
  }
}
