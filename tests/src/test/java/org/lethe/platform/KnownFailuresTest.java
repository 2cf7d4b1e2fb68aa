package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.InvalidPathException;
import java.util.stream.Stream;
import javax.security.auth.login.LoginException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;

final class KnownFailuresTest {

  /** What is thrown, and how the message begins and ends. */
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new OutOfMemoryError("Java heap space"),
            "Out of memory: the Java heap ran out; ",
            "spark.executor.memoryOverhead)"),
        Arguments.of(
            new OutOfMemoryError("Physical memory usage is too high"),
            "Out of memory: native memory ran out; ",
            "spark.executor.memoryOverhead)"),
        Arguments.of(
            new OutOfMemoryError("unable to create native thread: possibly out of memory"),
            "Out of threads: ",
            "or take fewer workers"),
        Arguments.of(
            new IOException("No space left on device"), "Disk full while using ", "--run-dir"),
        Arguments.of(
            new UnsupportedFileSystemException("No FileSystem for scheme \"gs\""),
            "File system not available for a file of this run: No FileSystem for scheme \"gs\";"
                + " add its jar, ",
            "--packages or --jars (spark-submit)"),
        Arguments.of(
            new ClassNotFoundException("Class org.apache.hadoop.fs.s3a.S3AFileSystem not found"),
            "File system not available for a file of this run: Class"
                + " org.apache.hadoop.fs.s3a.S3AFileSystem not found; ",
            "--packages or --jars (spark-submit)"),
        // Java 24 and newer, in Hadoop 3.4.
        Arguments.of(
            new UnsupportedOperationException("getSubject is not supported"),
            "Unsupported Java: "
                + Runtime.version().feature()
                + ", and Hadoop cannot log in on it (getSubject is not supported); ",
            "Java 17 to 21, set JAVA_HOME"),
        Arguments.of(
            new LoginException("java.lang.NullPointerException: invalid null input: name"),
            "Hadoop cannot log in as ",
            "or check Kerberos (kinit, KRB5CCNAME)"),
        Arguments.of(
            new UnsatisfiedLinkError("/tmp/snappy.so: failed to map segment from shared object"),
            "Cannot load a native library: /tmp/snappy.so: failed to map segment from shared"
                + " object; ",
            ""),
        Arguments.of(
            new NoClassDefFoundError("Could not initialize class org.xerial.snappy.Snappy"),
            "Cannot load a native library: Could not initialize class org.xerial.snappy.Snappy; ",
            ""),
        Arguments.of(
            new NoSuchMethodError("'scala.collection.Seq org.apache.spark.X.accumUpdates()'"),
            "A library has another version than Lethe needs: NoSuchMethodError: 'scala.",
            "from the class path"),
        Arguments.of(
            new InvalidPathException("gr??e", "Malformed input"),
            "A file name cannot be opened: Java encodes file names as ",
            "or use a name in ASCII"),
        Arguments.of(
            new BindException("Cannot assign requested address"),
            "Spark cannot listen on an address: Cannot assign requested address; ",
            "lethe.spark.settings"),
        Arguments.of(
            new SparkException(
                "Job aborted due to stage failure: Serialized task 1:0 was 140000000 bytes, which"
                    + " exceeds max allowed: spark.rpc.message.maxSize (134217728 bytes). Consider"
                    + " increasing spark.rpc.message.maxSize or using broadcast variables."),
            "Spark ended a job: Serialized task 1:0 was 140000000 bytes, which exceeds max allowed:"
                + " spark.rpc.message.maxSize (134217728 bytes); see lethe.spark.settings",
            "for a lost executor"),
        Arguments.of(
            new SparkException(
                "Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent"
                    + " failure: Lost task 0.3 in stage 0.0 (TID 3) (10.0.0.1 executor 1):"
                    + " ExecutorLostFailure (executor 1 exited caused by one of the running tasks)"
                    + " Reason: Command exited with code 137\nDriver stacktrace:"),
            "Spark ended a job: ExecutorLostFailure (executor 1 exited caused by one of the running"
                + " tasks) Reason: Command exited with code 137; see lethe.spark.settings",
            "spark.executor.memoryOverhead for a lost executor"),
        Arguments.of(
            new SparkException(
                "Futures timed out after [120 seconds]. This timeout is controlled by"
                    + " spark.rpc.askTimeout"),
            "Spark ended a job: Futures timed out after [120 seconds]. This timeout is controlled"
                + " by spark.rpc.askTimeout; ",
            ""));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureOfTheMachineNamesTheCauseAndTheCure(Throwable thrown, String start, String end) {
    LetheException found = KnownFailures.find(new IllegalStateException(thrown)).orElseThrow();
    assertThat(found.exitClass()).isEqualTo(ExitClass.PLATFORM);
    assertThat(found).hasMessageStartingWith(start).hasMessageEndingWith(end);
    assertThat(found.getMessage()).doesNotContain("\n");
  }

  @Test
  void anExceptionOfLetheComesFirst() {
    LetheException ours = RunErrors.noEffect("all the same");
    assertThat(KnownFailures.find(new IllegalStateException(ours))).hasValue(ours);
  }

  @Test
  void aDefectIsNotExplained() {
    assertThat(KnownFailures.find(new IllegalStateException("Jane Doe"))).isEmpty();
    assertThat(KnownFailures.find(new SparkException("Jane Doe, SparkContext"))).isEmpty();
  }
}
