/** Whole slides as DICOM keeps them (PS3.3, VL Whole Slide Microscopy Image), one file a level. */
package io.histoflow.scanning.dicom;
