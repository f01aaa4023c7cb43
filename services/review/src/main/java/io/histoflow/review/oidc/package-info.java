/**
 * Signing in at the hospital's own provider by OpenID Connect: who came back from there, and what
 * they may do here.
 */
package io.histoflow.review.oidc;
