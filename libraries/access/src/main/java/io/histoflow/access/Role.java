package io.histoflow.access;

/** What somebody may do; each may do what those before it may. */
public enum Role {
  /** Looks, and neither claims nor decides. */
  VIEWER,
  /** Reviews. */
  READER,
  /** Reads the audit. */
  LEAD
}
