/** The small parts that a tile passes through beside the network, each alone, timed by JMH. */
package io.histoflow.loadtests.parts;
