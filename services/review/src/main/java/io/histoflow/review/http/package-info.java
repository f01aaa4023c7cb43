/** The HTTP API and the page, on Javalin. */
package io.histoflow.review.http;
