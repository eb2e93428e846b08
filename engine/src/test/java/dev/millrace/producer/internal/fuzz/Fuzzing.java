package dev.millrace.producer.internal.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Looks for inputs that break a target, with Jazzer, which has to be on the class path, in a process for each target; then
 * keeps of what it has come across the fewest inputs that reach as much.
 *
 * <p>Arguments: {@code seconds=60}, for each target; {@code targets=response,metadata}, of {@link FuzzTarget}, all without;
 * {@code keep=false} leaves the kept inputs alone and is done sooner.
 * Runs in the module's directory. The exit code is 1 if anything was found; the input stands in the output, in the notation
 * of the {@code .findings} files.
 */
final class Fuzzing {

    /** Beginnings of the names of files in which an input is that broke something. */
    private static final List<String> FINDINGS = List.of("crash-", "timeout-", "oom-");

    /** Far more than any input may take; classes are instrumented in that time, too. */
    private static final int SLOW_SECONDS = 60;

    private final Path directory;
    private final int seconds;
    private final boolean keep;

    private Fuzzing(Path directory, int seconds, boolean keep) {
        this.directory = directory;
        this.seconds = seconds;
        this.keep = keep;
    }

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = 60;
        boolean keep = true;
        List<FuzzTarget> targets = List.of(FuzzTarget.values());
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            switch (parts[0]) {
                case "seconds" -> seconds = Integer.parseInt(parts[1]);
                case "targets" ->
                    targets = Stream.of(parts[1].split(","))
                            .map(name -> FuzzTarget.valueOf(name.toUpperCase(Locale.ROOT)))
                            .toList();
                case "keep" -> keep = Boolean.parseBoolean(parts[1]);
                default ->
                    throw new IllegalArgumentException("seconds=60 targets=response,metadata keep=true: " + argument);
            }
        }
        boolean anyFinding = false;
        for (FuzzTarget target : targets) {
            Path directory = Path.of("target", "fuzz", target.fileName()).toAbsolutePath();
            anyFinding |= new Fuzzing(directory, seconds, keep).find(target);
        }
        System.exit(anyFinding ? 1 : 0);
    }

    private boolean find(FuzzTarget target) throws IOException, InterruptedException {
        FuzzCorpus kept = new FuzzCorpus(FuzzCorpus.DIRECTORY, target);
        emptied(directory);
        Path seen = emptied(directory.resolve("seen"));
        Path fewest = emptied(directory.resolve("fewest"));
        List<byte[]> inputs = kept.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(seen.resolve("kept-" + i), inputs.get(i));
        }
        int exitCode = jazzer(target, "-max_total_time=" + seconds, "-print_final_stats=1", seen.toString());
        List<Path> findings = findings();
        for (Path finding : findings) {
            System.out.println(target + ": " + HexFormat.of().formatHex(Files.readAllBytes(finding)));
        }
        if (exitCode != 0 && findings.isEmpty()) {
            throw new IOException("the fuzzer ended with " + exitCode + " for " + target);
        }
        if (exitCode == 0 && keep) {
            keepFewest(target, kept, fewest, seen);
        }
        return !findings.isEmpty();
    }

    private void keepFewest(FuzzTarget target, FuzzCorpus kept, Path fewest, Path seen)
            throws IOException, InterruptedException {
        if (jazzer(target, "-merge=1", fewest.toString(), seen.toString()) == 0) {
            kept.replace(contents(fewest));
        } else {
            System.out.println(target + ": nothing new is kept, the fuzzer could not compare what it has seen");
        }
    }

    private int jazzer(FuzzTarget target, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type().getName(),
                "--instrumentation_includes=dev.millrace.**:net.jpountz.**",
                "--custom_hook_excludes=**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-timeout=" + SLOW_SECONDS,
                "-rss_limit_mb=4096"));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private List<Path> findings() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> FINDINGS.stream()
                            .anyMatch(beginning -> file.getFileName().toString().startsWith(beginning)))
                    .toList();
        }
    }

    private static Path emptied(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        return directory;
    }

    private static List<byte[]> contents(Path directory) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }
}
