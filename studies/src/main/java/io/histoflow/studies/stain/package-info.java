/** What a model withstands of stains and light. */
package io.histoflow.studies.stain;
