package org.lethe.corpus.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.lethe.ChildProcess;
import org.lethe.corpus.input.CharacterEncoder;
import org.lethe.corpus.input.RowEncoder;

/**
 * The shard stage on a local cluster in a separate process. Arguments: folder with {@code
 * forget.jsonl} and {@code retain.jsonl}, and output folder. The first executor that encodes 20
 * rows ends itself with status 137.
 */
public final class ShardProcess {
  private ShardProcess() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path output = Path.of(arguments[1]);
    try (SparkSession session =
        SparkSession.builder()
            .master("local-cluster[2,1,1024]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .config("spark.executor.extraJavaOptions", String.join(" ", ChildProcess.SHORT_LIVED))
            .getOrCreate()) {
      new Sharder(
              session,
              new KillingEncoder(output.resolve("killed").toString()),
              new Sharder.Grain(8000, 100))
          .run(
              ShardBytesTest.mixed(folder.resolve("forget.jsonl"), folder.resolve("retain.jsonl"))
                  .workers(3)
                  .build(),
              new org.apache.hadoop.fs.Path(output.resolve("shards").toUri()));
    }
  }

  /** The encoder of tests, which kills the first executor that uses it often. */
  private record KillingEncoder(String marker) implements RowEncoder.Source {
    private static int encoded;

    @Override
    public RowEncoder open(Configuration hadoop) {
      RowEncoder encoder = CharacterEncoder.SOURCE.open(hadoop);
      return (id, prompt, completion, maxLength) -> {
        count();
        return encoder.encode(id, prompt, completion, maxLength);
      };
    }

    private void count() {
      encoded++;
      if (encoded == 20 && !SparkEnv.get().executorId().equals("driver") && isFirst()) {
        Runtime.getRuntime().halt(137);
      }
    }

    private boolean isFirst() {
      try {
        Files.createFile(Path.of(marker));
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
