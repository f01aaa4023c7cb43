/** Whether estimates of what is missed hold what they promise. */
package io.histoflow.loadtests.recall;
