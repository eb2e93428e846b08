/** What docs/guide/testing.md shows, as an application would have it. */
@NullMarked
package dev.millrace.testkit.spring.guide;

import org.jspecify.annotations.NullMarked;
