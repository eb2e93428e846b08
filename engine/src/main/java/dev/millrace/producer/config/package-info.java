/** What can be set, its defaults and its rules; {@link dev.millrace.producer.config.Setting} is the table. */
@NullMarked
package dev.millrace.producer.config;

import org.jspecify.annotations.NullMarked;
