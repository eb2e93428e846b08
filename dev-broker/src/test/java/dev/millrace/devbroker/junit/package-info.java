@NullMarked
package dev.millrace.devbroker.junit;

import org.jspecify.annotations.NullMarked;
