/** The command study; each study is a package of its own, with its command, figures and plots. */
package io.histoflow.studies;
