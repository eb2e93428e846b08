package dev.millrace.benchmarks.sink;

import java.util.Locale;

/** What the sink has seen. Written by its thread; a report reads it between two requests. */
final class SinkCounts {

    long requests;
    long produceRequests;
    long batches;
    long records;
    long batchBytes;
    long bytes;
    long connections;
    long faults;
    String firstFault = "";

    /** Something that a broker would refuse. */
    void fault(String what) {
        if (faults++ == 0) {
            firstFault = what;
        }
    }

    void clear() {
        requests = 0;
        produceRequests = 0;
        batches = 0;
        records = 0;
        batchBytes = 0;
        bytes = 0;
        faults = 0;
        firstFault = "";
    }

    /** One line. */
    String toJson() {
        return String.format(
                Locale.ROOT,
                "{\"requests\":%d,\"produceRequests\":%d,\"batches\":%d,\"records\":%d,\"batchBytes\":%d,\"bytes\":%d,"
                        + "\"connections\":%d,\"faults\":%d,\"firstFault\":\"%s\"}",
                requests,
                produceRequests,
                batches,
                records,
                batchBytes,
                bytes,
                connections,
                faults,
                firstFault.replace('"', '\''));
    }
}
