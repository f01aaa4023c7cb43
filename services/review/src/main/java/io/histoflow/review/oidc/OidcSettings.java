package io.histoflow.review.oidc;

import io.histoflow.platform.config.Setting;
import java.net.URI;
import java.nio.file.Path;

/** The settings of signing in at a provider. */
public final class OidcSettings {
  /** Provider of OpenID Connect. */
  public static final Setting<URI> ISSUER =
      Setting.ofHttpUri(
          "histoflow.review.oidc.issuer",
          null,
          "Address of the OpenID Connect provider at which people sign in, as its ID tokens name"
              + " it; without one nobody signs in there");

  /** Our name at the provider. */
  public static final Setting<String> CLIENT =
      Setting.ofString(
          "histoflow.review.oidc.client",
          null,
          "Client id under which the provider knows the review page; its redirect address is"
              + " histoflow.review.public.url followed by /sign-in/callback");

  /** Our secret at the provider. */
  public static final Setting<Path> SECRET =
      Setting.ofPath(
          "histoflow.review.oidc.secret",
          null,
          "File that holds the client's secret; without one the page is a public client, with PKCE"
              + " either way");

  /** Where a person's name is. */
  public static final Setting<String> NAME_CLAIM =
      Setting.ofString(
          "histoflow.review.oidc.name.claim",
          "preferred_username",
          "Claim of the ID token that holds the name under which somebody reviews");

  /** Where a person's roles are. */
  public static final Setting<String> ROLES_CLAIM =
      Setting.ofString(
          "histoflow.review.oidc.roles.claim",
          "roles",
          "Claim of the ID token that holds roles or groups; dots lead into nested claims, as in"
              + " realm_access.roles");

  /** Which roles give ours. */
  public static final Setting<String> ROLES =
      Setting.ofString(
          "histoflow.review.oidc.roles",
          "viewer=histoflow-viewer,reader=histoflow-reader,lead=histoflow-lead",
          "Which of the provider's roles or groups gives which role here; who has none does not"
              + " get in");

  private OidcSettings() {}
}
