/** Pictures of slides with what was found on them. */
package io.histoflow.studies.overlay;
