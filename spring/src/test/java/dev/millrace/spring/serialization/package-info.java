/** Tests of serializers. */
@NullMarked
package dev.millrace.spring.serialization;

import org.jspecify.annotations.NullMarked;
