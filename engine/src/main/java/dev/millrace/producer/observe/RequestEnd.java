package dev.millrace.producer.observe;

/**
 * A request to a broker was answered or has failed.
 *
 * @param node the node's id
 * @param address its {@code host:port}
 * @param api which request, as the protocol names it: {@code PRODUCE}, {@code INIT_PRODUCER_ID} …
 * @param version the version used
 * @param requestBytes its size on the wire
 * @param responseBytes the answer's size on the wire, 0 if there was none
 * @param latencyNanos from the hand-over to the connection to the answer or failure
 * @param throttleMillis the pause the broker asked for with the answer (KIP-219)
 * @param answered whether there was an answer, whatever it said
 */
public record RequestEnd(
        int node,
        String address,
        String api,
        int version,
        int requestBytes,
        int responseBytes,
        long latencyNanos,
        int throttleMillis,
        boolean answered) {}
