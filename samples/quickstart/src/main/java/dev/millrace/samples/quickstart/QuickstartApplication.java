package dev.millrace.samples.quickstart;

import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** The shop, or with {@code --try-it} a run that ends by itself. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class QuickstartApplication {
    private static final String TRY_IT = "try-it";
    /** As a shell counts a program that was ended by Ctrl-C. */
    private static final int INTERRUPTED = 130;

    /** Starts the shop, or tries everything and ends the JVM with 0 if no order is missing, doubled or out of order. */
    public static void main(String[] arguments) {
        if (isTryIt(arguments)) {
            System.exit(tryIt(arguments));
        }
        SpringApplication.run(QuickstartApplication.class, arguments);
    }

    /** Publishes orders, reads them back and returns the exit code. */
    static int tryIt(String... arguments) {
        SpringApplication application = new SpringApplication(QuickstartApplication.class);
        application.setAdditionalProfiles(TRY_IT);
        ConfigurableApplicationContext context = application.run(arguments);
        return context.isClosed() ? INTERRUPTED : SpringApplication.exit(context);
    }

    private static boolean isTryIt(String[] arguments) {
        return Arrays.asList(arguments).contains("--" + TRY_IT);
    }
}
