package io.histoflow.review.oidc;

import com.google.common.base.Splitter;
import com.google.common.hash.Hashing;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationResponse;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.histoflow.access.Person;
import io.histoflow.access.ReviewerName;
import io.histoflow.access.Role;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authorization code flow of OpenID Connect Core 1.0 (section 3.1) with PKCE (RFC 7636). What
 * ties an answer to the browser that asked is derived from a secret that this browser keeps: the
 * service remembers nothing in between, so that nobody can fill its memory and any of several
 * services can take the answer. Safe for use by several threads.
 */
public final class OidcSignIn {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int MAX_KEYS_BYTES = 1 << 20;

  /** Signed with a key pair; a provider that signs with the client's secret is not believed. */
  private static final Set<JWSAlgorithm> ALGORITHMS = Set.copyOf(JWSAlgorithm.Family.SIGNATURE);

  private final Logger log = LoggerFactory.getLogger(OidcSignIn.class);
  private final OidcProvider provider;
  private final ClientID client;
  private Known known;

  /** Makes it without asking the provider, which may come up later than this service. */
  public OidcSignIn(OidcProvider provider) {
    this.provider = provider;
    this.client = new ClientID(provider.clientId());
  }

  /**
   * Returns where a browser is sent to sign in.
   *
   * @param secret what the browser keeps until it comes back: 128 random bits or more
   * @param callback where the provider sends the browser back to
   * @throws RefusedException where the provider cannot be asked
   */
  public URI begin(String secret, URI callback) throws RefusedException {
    return new AuthenticationRequest.Builder(
            ResponseType.CODE, new Scope("openid", "profile"), client, callback)
        .endpointURI(known().metadata().getAuthorizationEndpointURI())
        .state(new State(derived(secret, "state")))
        .nonce(new Nonce(derived(secret, "nonce")))
        .codeChallenge(verifier(secret), CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  /**
   * Returns who signed in at the provider.
   *
   * @param secret the browser's, as {@link #begin} had it
   * @param callback as {@link #begin} had it
   * @param query the query with which the browser came back
   * @throws RefusedException where the answer is not one to this browser's question, where the
   *     provider does not vouch for somebody, cannot be asked, or gives them no role here
   */
  public Person finish(String secret, URI callback, String query) throws RefusedException {
    try {
      AuthorizationResponse answer =
          AuthorizationResponse.parse(URI.create(callback + "?" + query));
      if (!new State(derived(secret, "state")).equals(answer.getState())) {
        throw new RefusedException(
            Reason.INVALID, "This answer belongs to another sign-in: begin again.");
      }
      if (!answer.indicatesSuccess()) {
        throw refused(answer.toErrorResponse().getErrorObject());
      }
      Known now = known();
      AuthorizationCodeGrant code =
          new AuthorizationCodeGrant(
              answer.toSuccessResponse().getAuthorizationCode(), callback, verifier(secret));
      TokenResponse tokens = OIDCTokenResponseParser.parse(send(request(now, code)).send());
      if (!tokens.indicatesSuccess()) {
        throw refused(tokens.toErrorResponse().getErrorObject());
      }
      OIDCTokenResponse success = (OIDCTokenResponse) tokens.toSuccessResponse();
      return person(
          now.validator()
              .validate(success.getOIDCTokens().getIDToken(), new Nonce(derived(secret, "nonce"))));
    } catch (IOException e) {
      throw unreachable(e);
    } catch (ParseException | IllegalArgumentException | BadJOSEException | JOSEException e) {
      log.atWarn().setCause(e).log("An answer of the provider was not believed");
      throw new RefusedException(
          Reason.INVALID,
          "What came back from the provider is no valid sign-in; the service's log says why: begin again.",
          e);
    }
  }

  private TokenRequest request(Known now, AuthorizationCodeGrant code) {
    URI endpoint = now.metadata().getTokenEndpointURI();
    return provider
        .secret()
        .map(
            secret ->
                new TokenRequest.Builder(
                    endpoint, new ClientSecretBasic(client, new Secret(secret)), code))
        .orElseGet(() -> new TokenRequest.Builder(endpoint, client, code))
        .build();
  }

  private static HTTPRequest send(TokenRequest request) {
    HTTPRequest http = request.toHTTPRequest();
    http.setConnectTimeout(TIMEOUT_MILLIS);
    http.setReadTimeout(TIMEOUT_MILLIS);
    http.setFollowRedirects(false);
    return http;
  }

  private Person person(IDTokenClaimsSet claims) throws RefusedException {
    String name =
        Optional.ofNullable(claims.getStringClaim(provider.nameClaim()))
            .map(ReviewerName::of)
            .orElse("");
    if (ReviewerName.fault(name).isPresent()) {
      throw new RefusedException(
          Reason.NOT_ADMITTED,
          "The provider gives no usable name in the claim %s: whoever runs this service can name another by %s."
              .formatted(provider.nameClaim(), OidcSettings.NAME_CLAIM.name()));
    }
    Collection<?> given = given(claims);
    Role role =
        provider.groups().entrySet().stream()
            .filter(entry -> given.contains(entry.getValue()))
            .map(Map.Entry::getKey)
            .max(Comparator.naturalOrder())
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.NOT_ADMITTED,
                        "%s has none of the roles %s in the claim %s at the provider: ask whoever runs it for one."
                            .formatted(
                                name,
                                provider.groups().values().stream().sorted().toList(),
                                provider.rolesClaim())));
    return new Person(name, role);
  }

  /** A claim of just that name, which may be an address, or one within others. */
  private Collection<?> given(IDTokenClaimsSet claims) {
    Object value = claims.getClaim(provider.rolesClaim());
    if (value == null) {
      Iterator<String> parts = Splitter.on('.').split(provider.rolesClaim()).iterator();
      value = claims.getClaim(parts.next());
      while (parts.hasNext()) {
        value = value instanceof Map<?, ?> map ? map.get(parts.next()) : null;
        if (value == null) {
          return List.of();
        }
      }
    }
    return value instanceof Collection<?> several
        ? several
        : value == null ? List.of() : List.of(value);
  }

  private static RefusedException refused(ErrorObject error) {
    return new RefusedException(
        Reason.NOT_ADMITTED,
        "The provider refused the sign-in (%s): begin again, or ask whoever runs it."
            .formatted(error == null ? "no reason given" : error.getCode()));
  }

  /** The provider's configuration, asked for until it has been given once. */
  private synchronized Known known() throws RefusedException {
    if (known == null) {
      try {
        Issuer issuer = new Issuer(provider.issuer());
        OIDCProviderMetadata metadata =
            OIDCProviderMetadata.resolve(issuer, TIMEOUT_MILLIS, TIMEOUT_MILLIS);
        DefaultResourceRetriever keys =
            new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_KEYS_BYTES);
        known =
            new Known(
                metadata,
                new IDTokenValidator(
                    issuer,
                    client,
                    new JWSVerificationKeySelector<SecurityContext>(
                        ALGORITHMS,
                        JWKSourceBuilder.create(metadata.getJWKSetURI().toURL(), keys).build()),
                    null));
      } catch (GeneralException | IOException e) {
        throw unreachable(e);
      }
    }
    return known;
  }

  private RefusedException unreachable(Exception e) {
    log.atWarn().setCause(e).log("The provider {} cannot be asked", provider.issuer());
    return new RefusedException(
        Reason.UNREACHABLE,
        "The provider at which people sign in does not answer now: try again in a minute.",
        e);
  }

  private static CodeVerifier verifier(String secret) {
    return new CodeVerifier(derived(secret, "code verifier"));
  }

  /** 256 bits in 43 characters, as PKCE wants them at least. */
  private static String derived(String secret, String purpose) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            Hashing.hmacSha256(secret.getBytes(StandardCharsets.UTF_8))
                .hashString(purpose, StandardCharsets.UTF_8)
                .asBytes());
  }

  private record Known(OIDCProviderMetadata metadata, IDTokenValidator validator) {}
}
