@NullMarked
package dev.millrace.producer.internal.transaction;

import org.jspecify.annotations.NullMarked;
