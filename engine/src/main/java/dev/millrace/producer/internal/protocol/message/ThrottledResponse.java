package dev.millrace.producer.internal.protocol.message;

/** A response that may ask the client to send nothing on its connection for a while (KIP-219). */
public interface ThrottledResponse {

    /** How long to send nothing, in milliseconds; 0 for no pause, also where a version does not carry it. */
    int throttleTimeMillis();
}
