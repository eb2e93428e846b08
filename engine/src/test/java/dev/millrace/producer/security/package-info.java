/** Sources of TLS material. */
@NullMarked
package dev.millrace.producer.security;

import org.jspecify.annotations.NullMarked;
