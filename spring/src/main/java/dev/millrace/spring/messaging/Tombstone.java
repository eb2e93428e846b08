package dev.millrace.spring.messaging;

/** The payload of a message that stands for a record without value: messages have no null payload. */
public final class Tombstone {

    /** The only one. */
    public static final Tombstone INSTANCE = new Tombstone();

    private Tombstone() {}

    @Override
    public String toString() {
        return "Tombstone";
    }
}
