/** Which weights are in force, as far as leads change it from the page. */
package io.histoflow.review.models;
