package dev.millrace.producer.internal.protocol;

/** A response by which a broker can ask for a pause (KIP-219). */
public interface ThrottledResponse {

    /** How many milliseconds to send nothing on this connection, 0 for no pause. */
    int throttleTimeMillis();
}
