@NullMarked
package dev.millrace.devbroker.security;

import org.jspecify.annotations.NullMarked;
