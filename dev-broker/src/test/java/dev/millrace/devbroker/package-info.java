@NullMarked
package dev.millrace.devbroker;

import org.jspecify.annotations.NullMarked;
