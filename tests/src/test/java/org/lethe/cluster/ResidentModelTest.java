package org.lethe.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;
import org.lethe.model.Decoder;

final class ResidentModelTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final AtomicInteger LOADED = new AtomicInteger();

  /** Counts how often it is loaded. */
  private record Counted(TinyDecoder source, String name) implements DecoderSource {
    @Override
    public Decoder load(Configuration hadoop) {
      LOADED.incrementAndGet();
      return source.load(hadoop);
    }

    @Override
    public void restore(Configuration hadoop, Decoder decoder) {
      if (name.equals("unreadable")) {
        throw new IllegalStateException("unreadable");
      }
      try (Decoder initial = source.load(hadoop)) {
        decoder.parameters().math().copy(initial.parameters(), decoder.parameters());
      }
    }

    @Override
    public String identity() {
      return toString();
    }
  }

  @AfterEach
  void closeModels() {
    ResidentModel.closeIdle();
    LOADED.set(0);
  }

  private static double[] train(DecoderSource source) {
    try (ResidentModel.Lease lease = ResidentModel.leaseInitial(source, HADOOP)) {
      double[] initial = Vectors.values(lease.decoder().parameters());
      lease.decoder().parameters().math().fill(7, lease.decoder().parameters());
      lease.done(ResidentModel.Parameters.CHANGED);
      return initial;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "lora"})
  void aTrainedModelGetsItsInitialParametersAgainInPlace(String kind) {
    Counted source = new Counted(new TinyDecoder(kind, TestBackend.HEAP_FLOAT), kind);
    double[] initial = train(source);
    assertThat(train(source)).isEqualTo(initial);
    assertThat(LOADED).hasValue(1);
  }

  @Test
  void aModelThatIsInUseIsNotTaken() {
    Counted source = new Counted(TinyDecoder.FLOAT, "used");
    try (ResidentModel.Lease used = ResidentModel.leaseInitial(source, HADOOP)) {
      train(source);
      used.done(ResidentModel.Parameters.INITIAL);
    }
    assertThat(LOADED).hasValue(2);
  }

  @Test
  void aModelThatCannotBeRestoredIsFreed() {
    Counted source = new Counted(TinyDecoder.FLOAT, "unreadable");
    train(source);
    assertThatThrownBy(() -> ResidentModel.leaseInitial(source, HADOOP))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("unreadable");
    train(source);
    assertThat(LOADED).hasValue(2);
  }
}
