/** Images with masks: folders of them, lists, and what is told while they are worked through. */
package io.histoflow.datasets;
