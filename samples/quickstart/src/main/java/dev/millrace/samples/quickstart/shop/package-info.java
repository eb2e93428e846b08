/** Takes orders over HTTP and publishes them. */
@NullMarked
package dev.millrace.samples.quickstart.shop;

import org.jspecify.annotations.NullMarked;
