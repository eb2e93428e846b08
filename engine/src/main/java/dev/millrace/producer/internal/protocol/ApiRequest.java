package dev.millrace.producer.internal.protocol;

/**
 * A request body that knows how to write itself and how to read its answer, for each version this engine speaks.
 *
 * @param <R> type of the response
 */
public interface ApiRequest<R> {

    /** Which API is called. */
    ApiKey apiKey();

    /** Appends the body, without header. */
    void write(WireWriter out, short version);

    /**
     * Reads the body of the response, after its header.
     *
     * @throws MalformedResponseException if the bytes do not follow the protocol
     */
    R readResponse(WireReader in, short version);
}
