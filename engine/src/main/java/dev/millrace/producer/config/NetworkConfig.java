package dev.millrace.producer.config;

import java.time.Duration;

/**
 * Life of the connections to the brokers. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param reconnectBackoff wait before the first try to connect again, at least 0; default 50 ms
 * @param reconnectBackoffMax longest wait before a try, not below {@code reconnectBackoff}; default 1 s
 * @param connectionSetupTimeout how long the first try to connect may take, at least 0; default 10 s
 * @param connectionSetupTimeoutMax how long a later try may take, not below {@code connectionSetupTimeout}; default 30 s
 * @param connectionMaxIdle when an unused connection is closed, -1 ms for never; default 9 min
 * @param sendBufferBytes the socket's send buffer; -1 leaves it to the operating system; default 128 KiB
 * @param receiveBufferBytes the socket's receive buffer; -1 leaves it to the operating system; default 32 KiB
 * @param dnsLookup how names become addresses; default {@link DnsLookup#USE_ALL_DNS_IPS}
 */
public record NetworkConfig(
        Duration reconnectBackoff,
        Duration reconnectBackoffMax,
        Duration connectionSetupTimeout,
        Duration connectionSetupTimeoutMax,
        Duration connectionMaxIdle,
        int sendBufferBytes,
        int receiveBufferBytes,
        DnsLookup dnsLookup) {}
