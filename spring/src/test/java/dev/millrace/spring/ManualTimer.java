package dev.millrace.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Time that passes when a test says so. */
final class ManualTimer implements PoolTimer {

    private record Alarm(long atNanos, Runnable task, CompletableFuture<Void> handle) {}

    private final List<Alarm> alarms = new ArrayList<>();
    private long nanos = 42;

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public CompletableFuture<?> after(Duration delay, Runnable task) {
        Alarm alarm = new Alarm(nanos + delay.toNanos(), task, new CompletableFuture<>());
        alarms.add(alarm);
        return alarm.handle();
    }

    void advance(Duration time) {
        nanos += time.toNanos();
        List<Alarm> due =
                alarms.stream().filter(alarm -> alarm.atNanos() <= nanos).toList();
        alarms.removeAll(due);
        due.stream().filter(alarm -> !alarm.handle().isCancelled()).forEach(alarm -> alarm.task()
                .run());
    }

    int pending() {
        return (int)
                alarms.stream().filter(alarm -> !alarm.handle().isCancelled()).count();
    }
}
