/**
 * The user's code around every record: before it is serialized and after its outcome is known.
 *
 * <p>Callers' threads and the delivery executor; see {@link dev.millrace.producer.interceptor.ProducerInterceptor}. Uses the
 * API and {@code errors}. Described in docs/architecture.md, Interceptors.
 */
@NullMarked
package dev.millrace.producer.interceptor;

import org.jspecify.annotations.NullMarked;
