package org.lethe.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CorpusErrorsTest {

  /** Google's connector 3.1.3 on Hadoop 3.4.2, whose Parquet reads several ranges at once. */
  @Test
  void aLibraryOfAnotherVersionIsNotAnIncompleteFile() {
    NoSuchMethodError missing =
        new NoSuchMethodError(
            "'void org.apache.hadoop.fs.VectoredReadUtils.validateRangeRequest("
                + "org.apache.hadoop.fs.FileRange)'");
    LetheException failure =
        CorpusErrors.cannotRead(
            "gs://runs/rows.parquet",
            new IllegalStateException("Can not read value at 0", new RuntimeException(missing)));
    assertThat(failure.exitClass()).isEqualTo(ExitClass.PLATFORM);
    assertThat(failure)
        .hasMessage(
            "A library has another version than Lethe needs: NoSuchMethodError: 'void"
                + " org.apache.hadoop.fs.VectoredReadUtils.validateRangeRequest("
                + "org.apache.hadoop.fs.FileRange)'; Lethe runs on Spark 3.5 to 4.2 with the Hadoop"
                + " that comes with it; remove other versions from the class path");
  }

  @Test
  void anUnreadableFileIsAnInput() {
    assertThat(CorpusErrors.cannotRead("rows.parquet", new IllegalStateException("no footer")))
        .hasMessage(
            "Cannot read rows.parquet: no footer; check that the file exists and is complete")
        .extracting(LetheException::exitClass)
        .isEqualTo(ExitClass.INPUT);
  }
}
