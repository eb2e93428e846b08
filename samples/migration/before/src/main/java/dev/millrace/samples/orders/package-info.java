/** Orders of a shop: stored in a database, published to Kafka. */
@NullMarked
package dev.millrace.samples.orders;

import org.jspecify.annotations.NullMarked;
