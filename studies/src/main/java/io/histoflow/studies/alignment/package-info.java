/** Masks that lie beside their nuclei, and how far. */
package io.histoflow.studies.alignment;
