package dev.millrace.producer.architecture.planted.internal.client;

/** Waits on a monitor, where a virtual thread would pin its carrier. */
public final class MonitorUser {
    private final Object monitor = new Object();

    private boolean ready;

    /** Waits. */
    public void planted() throws InterruptedException {
        synchronized (monitor) {
            while (!ready) {
                monitor.wait();
            }
        }
    }

    /** Ends the wait. */
    public void end() {
        synchronized (monitor) {
            ready = true;
            monitor.notifyAll();
        }
    }
}
