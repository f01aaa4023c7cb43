/** The versions of the decoder weights, for people and for machines. */
package io.histoflow.launcher.versions;
