/** Publishes many orders, reads all of them back and compares. */
@NullMarked
package dev.millrace.samples.quickstart.tryit;

import org.jspecify.annotations.NullMarked;
