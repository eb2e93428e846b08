@NullMarked
package dev.millrace.producer.internal.network;

import org.jspecify.annotations.NullMarked;
