package io.histoflow.review.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.access.Person;
import io.histoflow.access.Role;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.review.support.Provider;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OidcSignInTest {
  private static final URI CALLBACK = URI.create("https://review.example/sign-in/callback");
  private static final String SECRET = "the secret of one browser";

  private static Provider provider;
  private static OidcSignIn signIn;

  @BeforeAll
  static void start() {
    provider = new Provider();
    signIn = new OidcSignIn(provider.known());
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  @Test
  void shouldSendTheBrowserToTheProviderWithNothingThatTheAnswerCouldBeForgedFrom()
      throws RefusedException {
    // When
    URI question = signIn.begin(SECRET, CALLBACK);

    // Then
    assertThat(question.toString()).startsWith(provider.issuer() + "/authorize?");
    assertThat(question.getQuery())
        .contains("client_id=histoflow-review", "response_type=code", "scope=openid+profile")
        .contains("code_challenge_method=S256", "redirect_uri=" + CALLBACK)
        .doesNotContain(SECRET);
    assertThat(signIn.begin("of another browser", CALLBACK).getQuery())
        .isNotEqualTo(question.getQuery());
  }

  @Test
  void shouldTellWhoSignedInAndTheHighestRoleTheyHave() throws RefusedException {
    assertThat(finished("ada", "pathologists")).isEqualTo(new Person("ada", Role.READER));
    assertThat(finished("Grace Hopper", "chiefs")).isEqualTo(new Person("Grace Hopper", Role.LEAD));
    // Composed, as every name is
    assertThat(finished("Zoe\u0308", "chiefs").name()).isEqualTo("Zo\u00eb");
  }

  @Test
  void shouldRefuseWhoHasNoRoleHere() {
    assertThatThrownBy(() -> finished("eve", "cleaners"))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_ADMITTED))
        .hasMessageContaining("eve has none of the roles [chiefs, pathologists]");
  }

  @Test
  void shouldRefuseAnAnswerToAnotherBrowserAndOneThatWasTakenAlready() throws RefusedException {
    // Given
    URI answer = provider.signIn(signIn.begin(SECRET, CALLBACK), "ada", "chiefs");

    // When
    ThrowingCallable stolen = () -> signIn.finish("another", CALLBACK, answer.getRawQuery());
    Person ada = signIn.finish(SECRET, CALLBACK, answer.getRawQuery());
    ThrowingCallable again = () -> signIn.finish(SECRET, CALLBACK, answer.getRawQuery());

    // Then
    assertThatThrownBy(stolen).hasMessageContaining("belongs to another sign-in");
    assertThat(ada.name()).isEqualTo("ada");
    assertThatThrownBy(again).isInstanceOf(RefusedException.class);
  }

  @Test
  void shouldNotBelieveATokenForAnotherClientNorOneThatHasExpired() throws RefusedException {
    String role = "{\"realm_access\": {\"roles\": \"chiefs\"}";

    assertThatThrownBy(() -> finishedWith(role + ", \"aud\": \"another-client\"}"))
        .hasMessageContaining("no valid");
    assertThatThrownBy(() -> finishedWith(role + ", \"exp\": 1500000000}"))
        .hasMessageContaining("no valid");
    assertThat(finishedWith(role + "}").role()).isEqualTo(Role.LEAD);
  }

  @Test
  void shouldRefuseWhatIsNoAnswerAtAll() {
    for (String query : List.of("", "code=1", "state=&code=", "error=denied", "%zz", "a b")) {
      assertThatThrownBy(() -> signIn.finish(SECRET, CALLBACK, query))
          .as(query)
          .isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void shouldSayThatTheProviderIsAway() {
    // Given
    OidcProvider known;
    try (Provider gone = new Provider()) {
      known = gone.known();
    }
    OidcSignIn away = new OidcSignIn(known);

    // When, Then
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> away.begin(SECRET, CALLBACK))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
    }
  }

  @Test
  void shouldSayWhatIsWrongWithSettingsThatDoNotFit() {
    ServiceConfig issuer =
        ServiceConfig.of(Map.of("histoflow.review.oidc.issuer", "https://sso.example/realm"));
    ServiceConfig roles =
        issuer.with(OidcSettings.CLIENT, "review").with(OidcSettings.ROLES, "reader=a,boss=b");

    assertThatThrownBy(() -> OidcProvider.of(issuer))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("histoflow.review.oidc.client is not");
    assertThatThrownBy(() -> OidcProvider.of(roles))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("reader=a,boss=b");
  }

  private static Person finished(String name, String role) throws RefusedException {
    URI answer = provider.signIn(signIn.begin(SECRET, CALLBACK), name, role);
    return signIn.finish(SECRET, CALLBACK, answer.getRawQuery());
  }

  private static Person finishedWith(String claims) throws RefusedException {
    URI answer = provider.signInWith(signIn.begin(SECRET, CALLBACK), "ada", claims);
    return signIn.finish(SECRET, CALLBACK, answer.getRawQuery());
  }
}
