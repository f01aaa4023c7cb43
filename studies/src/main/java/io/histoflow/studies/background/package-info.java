/** How tiles of empty glass are told from tissue. */
package io.histoflow.studies.background;
