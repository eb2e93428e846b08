package dev.millrace.benchmarks.run;

/** A way to send records, under measurement. */
interface Candidate extends AutoCloseable {

    /** What one thread sends with. */
    interface Sender {

        /** Sends a record whose end the outcome hears of. */
        void send(Sample sample, Outcome outcome);

        /** Sends a record and waits for its acknowledgement. */
        void sendAndWait(Sample sample);
    }

    /** For a thread of its own. */
    Sender sender();

    /** Waits until everything sent has its outcome. Threads that send have ended. */
    void flush();

    @Override
    void close();

    /**
     * The candidate of this name.
     *
     * @param counter hears of failures without being given to each send
     */
    static Candidate open(String name, Workload workload, OutcomeCounter counter) {
        return switch (name) {
            case "millrace" -> new MillraceCandidate(workload);
            case "kafka-clients" -> new KafkaCandidate(workload, KafkaCandidate.defaults(workload));
            case "kafka-clients-tuned" -> new KafkaCandidate(workload, KafkaCandidate.tuned(workload));
            case "producer-template" -> new TemplateCandidate(workload, counter);
            case "kafka-template" -> new KafkaTemplateCandidate(workload, counter);
            case "limit" -> new LimitCandidate(workload);
            default -> throw new IllegalArgumentException("no candidate '" + name + "'");
        };
    }
}
