/** Whether more workers segment more tiles. */
package io.histoflow.loadtests.scaling;
