/**
 * The engine producers that are open, and how they are: what health indicators and tools of diagnosis are made of. Needs
 * nothing but the engine's public packages.
 *
 * <p>Any thread. Described in docs/architecture.md, Around the engine.
 */
@NullMarked
package dev.millrace.spring.inspection;

import org.jspecify.annotations.NullMarked;
