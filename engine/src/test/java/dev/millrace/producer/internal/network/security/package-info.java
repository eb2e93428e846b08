@NullMarked
package dev.millrace.producer.internal.network.security;

import org.jspecify.annotations.NullMarked;
