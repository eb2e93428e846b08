/** An application as users have it, for tests with its own component scan. */
@NullMarked
package dev.millrace.testkit.spring.shop;

import org.jspecify.annotations.NullMarked;
