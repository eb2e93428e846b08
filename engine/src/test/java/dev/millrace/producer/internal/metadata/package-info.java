@NullMarked
package dev.millrace.producer.internal.metadata;

import org.jspecify.annotations.NullMarked;
