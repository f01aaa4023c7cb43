/** The dead letters of a cluster: what was refused, by whom and why, and publishing it again. */
package io.histoflow.launcher.letters;
