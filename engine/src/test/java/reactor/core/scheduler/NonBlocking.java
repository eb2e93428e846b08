package reactor.core.scheduler;

/** Stands for Reactor's mark of threads that must not block: the engine knows it by its name only. */
public interface NonBlocking {}
