/** The catalogues of topics and contracts against a real broker and a real schema registry. */
package io.histoflow.platform.catalogue;
