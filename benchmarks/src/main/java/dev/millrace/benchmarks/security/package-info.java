/** A long run of a secured producer whose certificates and password change while records flow. */
@NullMarked
package dev.millrace.benchmarks.security;

import org.jspecify.annotations.NullMarked;
