package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.time.WallClock;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What a login finds in place.
 *
 * @param loop where it decides
 * @param executor where suppliers are asked and mechanisms compute
 * @param clock for the end of tokens
 * @param random source of the jitter
 * @param logPrefix what every line starts with
 */
public record LoginParts(
        EventLoop loop, Executor executor, WallClock clock, RandomGenerator random, String logPrefix) {}
