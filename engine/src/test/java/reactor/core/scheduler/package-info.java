/** A stand-in for Reactor, which is no dependency of the engine. */
@NullMarked
package reactor.core.scheduler;

import org.jspecify.annotations.NullMarked;
