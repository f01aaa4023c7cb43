/** How much memory an inference worker takes. */
package io.histoflow.loadtests.memory;
