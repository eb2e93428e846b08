package dev.millrace.producer.internal.protocol;

import java.util.UUID;

/** The identities of topics, which stay with a topic for its life, as its name does not (KIP-516). */
public final class TopicIds {

    /** What the protocol sends where an id is not known. */
    public static final UUID UNKNOWN = new UUID(0, 0);

    private TopicIds() {}
}
