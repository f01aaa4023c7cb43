package io.histoflow.review.oidc;

import com.google.common.base.Splitter;
import io.histoflow.access.Role;
import io.histoflow.access.SecretFile;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import java.net.URI;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The provider at which people sign in, and how it tells who they are.
 *
 * @param issuer the provider's address, under which its configuration is published
 * @param clientId the name under which it knows this service
 * @param secret what proves to it that this is the service; empty for a public client
 * @param nameClaim the claim of the ID token that holds a person's name
 * @param rolesClaim the claim that holds roles or groups; dots lead into nested claims
 * @param groups by which role or group each of our roles is given
 */
public record OidcProvider(
    URI issuer,
    String clientId,
    Optional<String> secret,
    String nameClaim,
    String rolesClaim,
    Map<Role, String> groups) {

  /** Refuses a provider that gives nobody a role. */
  public OidcProvider {
    if (groups.isEmpty()) {
      throw new ConfigException(
          OidcSettings.ROLES.name() + " names no role: nobody could sign in.");
    }
    groups = Map.copyOf(groups);
  }

  /**
   * Returns the provider that is configured; empty where none is.
   *
   * @throws ConfigException where what is configured does not fit together
   */
  public static Optional<OidcProvider> of(ServiceConfig config) {
    return config
        .find(OidcSettings.ISSUER)
        .map(
            issuer ->
                new OidcProvider(
                    issuer,
                    config
                        .find(OidcSettings.CLIENT)
                        .orElseThrow(
                            () ->
                                new ConfigException(
                                    "%s is set and %s is not: it is the name under which the provider knows this service."
                                        .formatted(
                                            OidcSettings.ISSUER.name(),
                                            OidcSettings.CLIENT.name()))),
                    config
                        .find(OidcSettings.SECRET)
                        .map(file -> SecretFile.read("file of the client's secret", file)),
                    config.get(OidcSettings.NAME_CLAIM),
                    config.get(OidcSettings.ROLES_CLAIM),
                    groups(config.get(OidcSettings.ROLES))));
  }

  private static Map<Role, String> groups(String text) {
    Map<Role, String> groups = new EnumMap<>(Role.class);
    for (String part : Splitter.on(',').split(text)) {
      String[] pair = part.split("=", 2);
      try {
        Role role = Role.valueOf(pair[0].strip().toUpperCase(Locale.ROOT));
        if (pair.length < 2 || pair[1].isBlank() || groups.put(role, pair[1].strip()) != null) {
          throw new IllegalArgumentException(part);
        }
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            "%s is \"%s\": write each of viewer, reader and lead at most once, as in viewer=GROUP,reader=GROUP,lead=GROUP."
                .formatted(OidcSettings.ROLES.name(), text),
            e);
      }
    }
    return groups;
  }

  /** Keeps the secret out of logs. */
  @Override
  public String toString() {
    return issuer + " as " + clientId;
  }
}
