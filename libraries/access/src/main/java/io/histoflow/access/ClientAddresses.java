package io.histoflow.access;

import com.google.common.net.InetAddresses;
import io.histoflow.platform.config.ConfigException;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says from which address a request comes, where proxies may stand between. What proxies add to a
 * request is believed only where a trusted one sent it: of the addresses that were passed on, the
 * rightmost that is no trusted proxy counts. Whatever stands left of it anybody may have written.
 *
 * <p>Addresses are told apart as networks: an IPv6 client has a network of 64 bits to itself, so
 * that its addresses are one client.
 */
public final class ClientAddresses {
  private static final Pattern FOR = Pattern.compile("(?i)(?:^|;)\\s*for\\s*=\\s*\"?([^\";]*)");
  private static final int NETWORK_BYTES = 8;

  private final List<Network> trusted;
  private final Header header;

  /** Which header the trusted proxies write. */
  public enum Header {
    /** The list of addresses that most proxies write. */
    X_FORWARDED_FOR("X-Forwarded-For"),
    /** The header of RFC 7239. */
    FORWARDED("Forwarded");

    private final String text;

    Header(String text) {
      this.text = text;
    }
  }

  private ClientAddresses(List<Network> trusted, Header header) {
    this.trusted = trusted;
    this.header = header;
  }

  /**
   * Reads which proxies are trusted.
   *
   * @param proxies addresses and networks such as {@code 10.0.0.0/8}, separated by commas; may be
   *     empty
   * @param header the header that they write
   * @throws ConfigException where an entry is neither
   */
  public static ClientAddresses of(String proxies, Header header) {
    return new ClientAddresses(
        entries(proxies).filter(entry -> !entry.isEmpty()).map(Network::of).toList(), header);
  }

  /** Returns the name of the header in which proxies pass addresses on. */
  public String header() {
    return header.text;
  }

  /**
   * Returns the client of a request.
   *
   * @param peer address from which the connection comes
   * @param passedOn values of {@link #header()} on the request, in their order
   */
  public String of(String peer, List<String> passedOn) {
    Optional<InetAddress> address = literal(peer);
    if (address.isEmpty()) {
      return peer;
    }
    InetAddress client = address.get();
    List<String> hops = passedOn.stream().flatMap(ClientAddresses::entries).toList();
    for (int i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
      Optional<InetAddress> hop = hop(hops.get(i));
      if (hop.isEmpty()) {
        break;
      }
      client = hop.get();
    }
    return client instanceof Inet6Address && !client.isLoopbackAddress()
        ? network(client)
        : client.getHostAddress();
  }

  private static Stream<String> entries(String value) {
    return Arrays.stream(value.split(",", -1)).map(String::strip);
  }

  private boolean isTrusted(InetAddress address) {
    return trusted.stream().anyMatch(network -> network.holds(address));
  }

  /** An entry is an address, with a port or without; proxies may write a word instead. */
  private Optional<InetAddress> hop(String entry) {
    String text = entry;
    if (header == Header.FORWARDED) {
      Matcher node = FOR.matcher(entry);
      text = node.find() ? node.group(1).strip() : "";
    }
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      text = end < 0 ? "" : text.substring(1, end);
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') > 0) {
      text = text.substring(0, text.indexOf(':'));
    }
    return literal(text);
  }

  /** Only what is written as an address: a name would be looked up. */
  private static Optional<InetAddress> literal(String text) {
    String unscoped = text.contains("%") ? text.substring(0, text.indexOf('%')) : text;
    return InetAddresses.isInetAddress(unscoped)
        ? Optional.of(InetAddresses.forString(unscoped))
        : Optional.empty();
  }

  private static String network(InetAddress address) {
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }

  /** Addresses whose first bits are equal. */
  private record Network(InetAddress first, int bits) {

    static Network of(String text) {
      String[] parts = text.split("/", 2);
      Optional<InetAddress> address = literal(parts[0]);
      int most = address.map(a -> a.getAddress().length * 8).orElse(0);
      try {
        int bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
        if (address.isPresent() && bits >= 0 && bits <= most) {
          return new Network(address.get(), bits);
        }
      } catch (NumberFormatException e) {
        // Refused below, as any other text that is no network.
      }
      throw new ConfigException(
          ("histoflow.review.trusted.proxies holds \"%s\", which is neither an address such as"
                  + " 10.0.0.7 nor a network such as 10.0.0.0/8.")
              .formatted(text));
    }

    boolean holds(InetAddress address) {
      byte[] mine = first.getAddress();
      byte[] other = address.getAddress();
      return mine.length == other.length
          && new BigInteger(1, mine)
              .xor(new BigInteger(1, other))
              .shiftRight(8 * mine.length - bits)
              .equals(BigInteger.ZERO);
    }
  }
}
