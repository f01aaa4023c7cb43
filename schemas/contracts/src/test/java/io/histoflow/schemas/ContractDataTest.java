package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ContractDataTest {

  @Test
  void shouldGiveAFieldsBytesWithoutWhatLiesAroundThem() {
    // Given
    byte[] all = {1, 2, 3, 4};
    ByteBuffer part = ByteBuffer.wrap(all, 1, 2);

    // Then
    assertThat(ContractData.bytes(part)).containsExactly(2, 3);
    assertThat(ContractData.bytes(part.slice().asReadOnlyBuffer())).containsExactly(2, 3);
    assertThat(part.position()).isEqualTo(1);
    assertThat(ContractData.bytes(ByteBuffer.wrap(all))).isSameAs(all);
  }
}
