/**
 * {@code histoflow demo}: the whole loop on the embedded platform, from scanned tiles to masks,
 * alerts, corrections, better weights and slide reports, with ground truth playing the expert.
 */
package io.histoflow.launcher.demo;
