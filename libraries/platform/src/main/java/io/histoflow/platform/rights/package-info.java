/** Who may do what on the brokers, derived from the catalogues of topics, groups and ids. */
package io.histoflow.platform.rights;
