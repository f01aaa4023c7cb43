package io.histoflow.access;

/**
 * Somebody who signed in.
 *
 * @param name as {@link ReviewerName#of} returns it
 * @param role what they may do
 */
public record Person(String name, Role role) {}
