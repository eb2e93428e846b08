package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.config.DnsLookup;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.Transport;
import dev.millrace.producer.internal.time.Backoff;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The addresses to begin with: those of the configuration or, if it says so, the canonical names of the hosts behind them
 * (reverse lookup, KIP-235), asked for anew whenever a round over the list begins. They have the ids -1, -2, …
 */
@EventLoopOnly
final class BootstrapList {

    private final List<BrokerAddress> configured;
    private final DnsLookup lookup;
    private final EventLoop loop;
    private final Transport transport;
    private final Backoff backoff;
    private final Owner owner;

    private Map<Integer, BrokerAddress> current;
    private boolean looking;
    private boolean closed;
    private int failures; // in a row

    BootstrapList(MetadataSettings settings, EventLoop loop, Transport transport, Backoff backoff, Owner owner) {
        this.configured = settings.bootstrap();
        this.lookup = settings.dnsLookup();
        this.loop = loop;
        this.transport = transport;
        this.backoff = backoff;
        this.owner = owner;
        this.current = lookup == DnsLookup.USE_ALL_DNS_IPS ? numbered(configured) : Map.of();
    }

    /** Hears of the list, on the event loop. */
    interface Owner {

        /** There is a new list. */
        void onBootstrapList();

        /** None of the names is known; they are looked up again after a pause. */
        void onBootstrapUnknown();
    }

    /** The addresses by id; empty while they are looked up for the first time. */
    Map<Integer, BrokerAddress> current() {
        return current;
    }

    /** Looks the names up again if they are to be looked up at all; the list stays in use meanwhile. */
    void renew() {
        if (lookup == DnsLookup.USE_ALL_DNS_IPS || looking || closed) {
            return;
        }
        looking = true;
        new Expansion().begin();
    }

    void close() {
        closed = true;
    }

    private void found(List<BrokerAddress> expanded) {
        if (closed) {
            return;
        }
        if (expanded.isEmpty()) {
            failures++;
            loop.schedule(backoff.nextNanos(failures), this::lookAgain);
            owner.onBootstrapUnknown();
        } else {
            looking = false;
            failures = 0;
            current = numbered(expanded);
            owner.onBootstrapList();
        }
    }

    private void lookAgain() {
        looking = false;
        renew();
    }

    private static Map<Integer, BrokerAddress> numbered(List<BrokerAddress> addresses) {
        Map<Integer, BrokerAddress> numbered = new LinkedHashMap<>();
        addresses.forEach(address -> numbered.put(-1 - numbered.size(), address));
        return numbered;
    }

    /** One look-up of all names, in the order of the configuration. */
    private final class Expansion {

        private final List<Set<BrokerAddress>> found = new ArrayList<>();
        private int unanswered = configured.size();

        void begin() {
            for (BrokerAddress address : configured) {
                Set<BrokerAddress> names = new LinkedHashSet<>();
                found.add(names);
                transport.canonicalNames(address.host(), canonical -> {
                    canonical.forEach(name -> names.add(new BrokerAddress(name, address.port())));
                    unanswered--;
                    if (unanswered == 0) {
                        end();
                    }
                });
            }
        }

        private void end() {
            Set<BrokerAddress> all = new LinkedHashSet<>();
            found.forEach(all::addAll);
            BootstrapList.this.found(List.copyOf(all));
        }
    }
}
