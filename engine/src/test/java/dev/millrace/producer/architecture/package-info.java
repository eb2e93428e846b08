/** The rules of the code base as tests: which package and module may use which, what the documents say. */
@NullMarked
package dev.millrace.producer.architecture;

import org.jspecify.annotations.NullMarked;
