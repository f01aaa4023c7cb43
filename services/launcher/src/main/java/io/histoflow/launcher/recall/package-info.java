/** What is missed, as estimated from audited tiles: {@code histoflow recall}. */
package io.histoflow.launcher.recall;
