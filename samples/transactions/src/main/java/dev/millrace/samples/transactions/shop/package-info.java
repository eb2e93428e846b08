/** Orders: stored, published, and what is left of them when something goes wrong. */
@NullMarked
package dev.millrace.samples.transactions.shop;

import org.jspecify.annotations.NullMarked;
