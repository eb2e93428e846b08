package dev.millrace.samples.pipe;

import java.io.Console;
import java.io.PrintStream;

/** What is shown while lines are published. */
interface Progress extends AutoCloseable {
    /** Nothing. */
    Progress SILENT = () -> {};

    /** Shows nothing any more. */
    @Override
    void close();

    /** A line on the terminal if there is one, and nothing otherwise. */
    static Progress start(PrintStream terminal, Tally tally) {
        return hasTerminal() ? ProgressLine.start(terminal, tally) : SILENT;
    }

    /** From Java 22 on there is a console without a terminal, and a method to ask it. */
    @SuppressWarnings("SystemConsoleNull") // null is what it says up to Java 21
    private static boolean hasTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException beforeJava22) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the console does not tell whether it is a terminal", e);
        }
    }
}
