package org.lethe.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;

final class ResidentModelTest {
  private static final Configuration HADOOP = new Configuration(false);

  @BeforeEach
  @AfterEach
  void closeModels() {
    CountedDecoder.reset();
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
    CountedDecoder source = new CountedDecoder(new TinyDecoder(kind, TestBackend.HEAP_FLOAT), kind);
    double[] initial = train(source);
    assertThat(train(source)).isEqualTo(initial);
    assertThat(CountedDecoder.LOADED).hasValue(1);
  }

  @Test
  void aModelThatIsInUseIsNotTaken() {
    CountedDecoder source = new CountedDecoder(TinyDecoder.FLOAT, "used");
    try (ResidentModel.Lease used = ResidentModel.leaseInitial(source, HADOOP)) {
      train(source);
      used.done(ResidentModel.Parameters.INITIAL);
    }
    assertThat(CountedDecoder.LOADED).hasValue(2);
  }

  @Test
  void aModelThatCannotBeRestoredIsFreed() {
    CountedDecoder source = new CountedDecoder(TinyDecoder.FLOAT, CountedDecoder.UNREADABLE);
    train(source);
    assertThatThrownBy(() -> ResidentModel.leaseInitial(source, HADOOP))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(CountedDecoder.UNREADABLE);
    train(source);
    assertThat(CountedDecoder.LOADED).hasValue(2);
  }
}
