package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServiceStateTest {

  @ParameterizedTest
  @EnumSource(names = {"STOPPED", "FAILED"})
  void shouldNotLeaveAFinalState(ServiceState end) {
    // Then
    assertThat(end.isFinal()).isTrue();
    assertThat(ServiceState.values()).noneMatch(end::canTransitionTo);
  }

  @ParameterizedTest
  @EnumSource
  void shouldNeverReturnToNewNorStayWhereItIs(ServiceState state) {
    // Then
    assertThat(state.canTransitionTo(ServiceState.NEW)).isFalse();
    assertThat(state.canTransitionTo(state)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"STARTING", "RUNNING", "STOPPING"})
  void shouldBeAbleToFailOnceStarted(ServiceState state) {
    // Then
    assertThat(state.canTransitionTo(ServiceState.FAILED)).isTrue();
  }
}
