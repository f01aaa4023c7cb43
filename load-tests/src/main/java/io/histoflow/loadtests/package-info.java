/**
 * Load tests and benchmarks of the whole: engines that the command line runs and that tests drive.
 */
package io.histoflow.loadtests;
