/** Tests of the fake cluster: with the reference producer, which shares no code with it, and piece by piece. */
@NullMarked
package dev.millrace.testkit;

import org.jspecify.annotations.NullMarked;
