/**
 * The review service: pathologists see the tiles that the network is unsure of, most uncertain
 * first, and answer each with a verdict.
 */
package io.histoflow.review;
