/** How the parts of this service say that they cannot do what a request asks for. */
package io.histoflow.review.refusal;
