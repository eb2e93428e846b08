package dev.millrace.benchmarks.run;

import dev.millrace.benchmarks.Options;
import dev.millrace.benchmarks.run.Workload.Mode;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** One candidate, one workload, one process. Prints {@code result} and one line of JSON. */
public final class Run {

    private Run() {}

    /** Options as {@code name=value}: candidate, bootstrap, topic, and those of {@link Workload#DEFAULTS}. */
    @SuppressWarnings("SystemOut") // a command-line program
    public static void main(String[] args) throws Exception {
        Map<String, String> defaults = new HashMap<>(Workload.DEFAULTS);
        defaults.putAll(Map.of("candidate", "millrace", "bootstrap", "127.0.0.1:9092", "topic", "benchmark"));
        Options options = Options.parse(defaults, args);
        Workload workload = Workload.from(options, options.text("bootstrap"), options.text("topic"));
        String candidate = options.text("candidate");
        Result result = new Result();
        if (workload.mode() == Mode.TRANSACTIONS) {
            new TransactionLoop(workload, candidate).measure(result);
        } else {
            measure(workload, candidate, result);
        }
        System.out.println("result " + result.toJson());
        System.exit(0); // what a candidate has left running does not matter any more
    }

    private static void measure(Workload workload, String name, Result result) throws Exception {
        OutcomeCounter counter = new OutcomeCounter();
        Samples samples = new Samples(workload);
        boolean isFirst = workload.mode() == Mode.FIRST;
        Memory before = isFirst ? Memory.UNKNOWN : Memory.afterCollection();
        try (Candidate candidate = Candidate.open(name, workload, counter)) {
            switch (workload.mode()) {
                case FIRST -> first(candidate, samples, result);
                case ONE -> new OneByOneLoop(workload, candidate, samples).measure(result);
                case OPEN -> new OpenLoop(workload, candidate, samples, counter).measure(result);
                case FULL, MEMORY -> new FullLoop(workload, candidate, samples, counter, before).measure(result);
                case TRANSACTIONS -> throw new IllegalStateException("not a workload of plain producers");
            }
            if (!isFirst) {
                Memory after = Memory.afterCollection();
                result.number("heldBytes", after.bytes() - before.bytes());
                result.number("heldHeapBytes", after.heapBytes() - before.heapBytes());
                result.number("threads", ManagementFactory.getThreadMXBean().getThreadCount());
            }
        }
        result.number("failures", counter.failures());
    }

    @SuppressWarnings("SystemOut") // a command-line program
    private static void first(Candidate candidate, Samples samples, Result result) {
        candidate.sender().sendAndWait(samples.get(0));
        System.out.println("first"); // the clock of whoever has started this process stops here
        Usage used = Usage.now();
        result.number("cpuMillis", used.cpuNanos() / 1e6);
        result.number("allocatedBytes", used.allocatedBytes());
    }
}
