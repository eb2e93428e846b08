/** The README's code, out of sight of the application's own search for components. */
@NullMarked
package dev.millrace.samples.readme;

import org.jspecify.annotations.NullMarked;
