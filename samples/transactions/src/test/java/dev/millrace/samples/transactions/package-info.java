/** Tests of the shop. */
@NullMarked
package dev.millrace.samples.transactions;

import org.jspecify.annotations.NullMarked;
