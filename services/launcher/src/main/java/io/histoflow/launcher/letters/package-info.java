/** What was refused, as people ask for it: {@code histoflow dead-letters}. */
package io.histoflow.launcher.letters;
