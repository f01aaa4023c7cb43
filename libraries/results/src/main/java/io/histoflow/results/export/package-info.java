/** The results of a slide as files for other tools. */
package io.histoflow.results.export;
