package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.MalformedResponseException;

/** What a coordinator takes care of, as FindCoordinator asks for it. */
public enum CoordinatorType {
    /** A consumer group; its coordinator keeps committed offsets. */
    GROUP(0),
    /** A transactional id; its coordinator keeps the state of its transactions. */
    TRANSACTION(1);

    private final byte code;

    CoordinatorType(int code) {
        this.code = (byte) code;
    }

    /** The type on the wire. */
    public byte code() {
        return code;
    }

    /**
     * The type with this code.
     *
     * @throws MalformedResponseException if a producer never asks for such a coordinator
     */
    public static CoordinatorType of(byte code) {
        for (CoordinatorType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new MalformedResponseException("unknown type of coordinator: " + code);
    }
}
