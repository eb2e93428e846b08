package dev.millrace.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Life of the connections to the brokers, under {@code app.producer.connection}. */
public class ConnectionProperties {

    /** Wait before the first try to connect again. */
    private @Nullable Duration reconnectBackoff;

    /** Longest wait before a try to connect again. */
    private @Nullable Duration reconnectBackoffMax;

    /** How long the first try to connect may take. */
    private @Nullable Duration setupTimeout;

    /** How long a later try to connect may take. */
    private @Nullable Duration setupTimeoutMax;

    /** Idle time after which a connection is closed. */
    private @Nullable Duration maxIdle;

    /** Send buffer of the sockets. -1 leaves it to the operating system. */
    private @Nullable DataSize sendBuffer;

    /** Receive buffer of the sockets. -1 leaves it to the operating system. */
    private @Nullable DataSize receiveBuffer;

    public @Nullable Duration getReconnectBackoff() {
        return reconnectBackoff;
    }

    public void setReconnectBackoff(@Nullable Duration reconnectBackoff) {
        this.reconnectBackoff = reconnectBackoff;
    }

    public @Nullable Duration getReconnectBackoffMax() {
        return reconnectBackoffMax;
    }

    public void setReconnectBackoffMax(@Nullable Duration reconnectBackoffMax) {
        this.reconnectBackoffMax = reconnectBackoffMax;
    }

    public @Nullable Duration getSetupTimeout() {
        return setupTimeout;
    }

    public void setSetupTimeout(@Nullable Duration setupTimeout) {
        this.setupTimeout = setupTimeout;
    }

    public @Nullable Duration getSetupTimeoutMax() {
        return setupTimeoutMax;
    }

    public void setSetupTimeoutMax(@Nullable Duration setupTimeoutMax) {
        this.setupTimeoutMax = setupTimeoutMax;
    }

    public @Nullable Duration getMaxIdle() {
        return maxIdle;
    }

    public void setMaxIdle(@Nullable Duration maxIdle) {
        this.maxIdle = maxIdle;
    }

    public @Nullable DataSize getSendBuffer() {
        return sendBuffer;
    }

    public void setSendBuffer(@Nullable DataSize sendBuffer) {
        this.sendBuffer = sendBuffer;
    }

    public @Nullable DataSize getReceiveBuffer() {
        return receiveBuffer;
    }

    public void setReceiveBuffer(@Nullable DataSize receiveBuffer) {
        this.receiveBuffer = receiveBuffer;
    }
}
