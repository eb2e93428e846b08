/** Tests of the shop. */
@NullMarked
package dev.millrace.samples.quickstart.shop;

import org.jspecify.annotations.NullMarked;
