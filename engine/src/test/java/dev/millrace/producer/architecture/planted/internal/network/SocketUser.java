package dev.millrace.producer.architecture.planted.internal.network;

import io.netty.buffer.ByteBuf;

/** Uses Netty under a name that does not say so. */
public interface SocketUser {
    /** The violation. */
    ByteBuf planted();
}
