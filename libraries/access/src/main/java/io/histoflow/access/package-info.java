/** Who may review: users, their passwords, and the sessions that they sign in to. */
package io.histoflow.access;
