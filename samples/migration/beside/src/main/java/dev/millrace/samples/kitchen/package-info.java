/** A kitchen that hears of orders with spring-kafka and tells of meals with Millrace. */
@NullMarked
package dev.millrace.samples.kitchen;

import org.jspecify.annotations.NullMarked;
