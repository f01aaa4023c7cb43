package io.histoflow.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.access.ClientAddresses.Header;
import io.histoflow.platform.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressesTest {
  private final ClientAddresses proxies =
      ClientAddresses.of("127.0.0.1, 10.0.0.0/9, 2001:db8:1::/48", Header.X_FORWARDED_FOR);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.1 | 203.0.113.9                        | 192.0.2.1
          127.0.0.1 | 203.0.113.9                        | 203.0.113.9
          127.0.0.1 | 198.51.100.1, 203.0.113.9          | 203.0.113.9
          127.0.0.1 | 203.0.113.9, 10.1.2.3              | 203.0.113.9
          127.0.0.1 | 203.0.113.9, 10.128.0.1            | 10.128.0.1
          127.0.0.1 | 10.1.2.3                           | 10.1.2.3
          127.0.0.1 | ''                                 | 127.0.0.1
          127.0.0.1 | 203.0.113.9:4711                   | 203.0.113.9
          127.0.0.1 | 203.0.113.9, unknown               | 127.0.0.1
          127.0.0.1 | 203.0.113.999                      | 127.0.0.1
          127.0.0.1 | localhost                          | 127.0.0.1
          127.0.0.1 | [2001:db8:2:3:4::5]:443            | 2001:db8:2:3:0:0:0:0/64
          2001:db8:1::7 | 2001:db8:2:3:4::5              | 2001:db8:2:3:0:0:0:0/64
          """)
  void shouldTakeTheRightmostAddressThatIsNoTrustedProxy(
      String peer, String passedOn, String client) {
    assertThat(proxies.of(peer, List.of(passedOn))).isEqualTo(client);
  }

  @Test
  void shouldReadRepeatedHeadersAsOneList() {
    assertThat(proxies.of("127.0.0.1", List.of("198.51.100.1", "203.0.113.9, 10.0.0.1")))
        .isEqualTo("203.0.113.9");
  }

  @Test
  void shouldBelieveNobodyWhereNoProxyIsTrusted() {
    // Given
    ClientAddresses none = ClientAddresses.of("", Header.X_FORWARDED_FOR);

    // When, then
    assertThat(none.of("127.0.0.1", List.of("203.0.113.9"))).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          for=203.0.113.9;proto=https                       | 203.0.113.9
          proto=https;For="[2001:db8:2:3::4]:4711"          | 2001:db8:2:3:0:0:0:0/64
          for=198.51.100.1, for=203.0.113.9;by=10.0.0.1     | 203.0.113.9
          for=_hidden                                       | 127.0.0.1
          by=203.0.113.9                                    | 127.0.0.1
          """)
  void shouldReadTheHeaderOfTheStandardWhereTheProxyWritesIt(String value, String client) {
    // Given
    ClientAddresses standard = ClientAddresses.of("127.0.0.1", Header.FORWARDED);

    // When, then
    assertThat(standard.of("127.0.0.1", List.of(value))).isEqualTo(client);
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "300.1.1.1"})
  void shouldRefuseWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> ClientAddresses.of(text, Header.X_FORWARDED_FOR))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(text);
  }
}
