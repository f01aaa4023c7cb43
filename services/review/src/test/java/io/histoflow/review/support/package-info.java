/** What the tests of the review service share. */
package io.histoflow.review.support;
