package org.lethe.model.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.tensor.Dtype;

final class StoredDtypesTest {
  private static Optional<String> conversion(String config, Dtype... stored)
      throws JsonProcessingException {
    return StoredDtypes.conversion(new ObjectMapper().readTree(config), Stream.of(stored));
  }

  @Test
  void weightsOfAnotherDtypeAreDescribed() throws JsonProcessingException {
    assertThat(conversion("{\"dtype\":\"float16\"}", Dtype.F32, Dtype.F32))
        .hasValue(
            "Weights are float32, but config.json states float16: transformers 5 converts them when"
                + " it loads the model, while Lethe computes with the weights as they are stored,"
                + " and keeps their dtype");
    assertThat(conversion("{\"torch_dtype\":\"float32\"}", Dtype.F16, Dtype.F32, Dtype.BF16))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith(
                        "Weights are bfloat16 and float16, but config.json states float32"));
  }

  @Test
  void theNewKeyPrecedesTheOldOne() throws JsonProcessingException {
    assertThat(conversion("{\"dtype\":\"bfloat16\",\"torch_dtype\":\"float32\"}", Dtype.BF16))
        .isEmpty();
    assertThat(conversion("{\"dtype\":null,\"torch_dtype\":\"float32\"}", Dtype.F32)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"torch_dtype\":null}", "{\"dtype\":\"bfloat16\"}"})
  void nothingIsSaidOfTheStatedDtypeOrOfNone(String config) throws JsonProcessingException {
    assertThat(conversion(config, Dtype.BF16)).isEmpty();
  }
}
