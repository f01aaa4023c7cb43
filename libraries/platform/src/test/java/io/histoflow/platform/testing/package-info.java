/**
 * What other modules' tests share: this package is the module's test jar ({@code
 * io.histoflow:histoflow-platform}, type {@code test-jar}, scope {@code test}).
 */
package io.histoflow.platform.testing;
