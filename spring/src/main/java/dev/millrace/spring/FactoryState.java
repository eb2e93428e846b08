package dev.millrace.spring;

import java.util.EnumSet;
import java.util.Set;

/**
 * Life of a {@link DefaultProducerFactory}.
 *
 * <pre>
 * NEW ──start, first use──► RUNNING ──stop──► STOPPED ──start──► RUNNING
 *  └──────────────destroy──────┴─────────────────┴──► DESTROYED
 * </pre>
 */
enum FactoryState {
    /** Created and usable: a bean may send while the context is still starting. */
    NEW,
    /** Started or used; holds an engine producer from the first use on. */
    RUNNING,
    /** Stopped with the context; refuses use until it is started again. */
    STOPPED,
    /** Gone with the context, for good. */
    DESTROYED;

    boolean canBecome(FactoryState next) {
        return next().contains(next);
    }

    boolean isUsable() {
        return this == NEW || this == RUNNING;
    }

    private Set<FactoryState> next() {
        return switch (this) {
            case NEW -> EnumSet.of(RUNNING, STOPPED, DESTROYED);
            case RUNNING -> EnumSet.of(STOPPED, DESTROYED);
            case STOPPED -> EnumSet.of(RUNNING, DESTROYED);
            case DESTROYED -> EnumSet.noneOf(FactoryState.class);
        };
    }
}
