/** Tests of the feed. */
@NullMarked
package dev.millrace.samples.quickstart.feed;

import org.jspecify.annotations.NullMarked;
