/** Whether what a tile shows of its style can set its mask threshold. */
package io.histoflow.studies.thresholds;
