package io.histoflow.segmentation.evaluation;

/**
 * Which model an evaluation is of.
 *
 * @param id of the model
 * @param version of its decoder weights, 0 as shipped
 * @param width channels of its first stage
 * @param sha256 of its weights, hexadecimal
 */
public record EvaluatedModel(String id, long version, int width, String sha256) {}
