package dev.millrace.samples.observability;

import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The shop, or with {@code --try-it} a run that ends by itself. */
@SpringBootApplication
public class ObservabilityApplication {
    private static final String TRY_IT = "try-it";

    /** Starts the shop, or prints what can be seen of it and ends the JVM with 0 if nothing is missing. */
    public static void main(String[] arguments) {
        if (Arrays.asList(arguments).contains("--" + TRY_IT)) {
            System.exit(tryIt(arguments));
        }
        SpringApplication.run(ObservabilityApplication.class, arguments);
    }

    /** Places orders, prints what can be seen, and returns the exit code. */
    static int tryIt(String... arguments) {
        SpringApplication application = new SpringApplication(ObservabilityApplication.class);
        application.setAdditionalProfiles(TRY_IT);
        return SpringApplication.exit(application.run(arguments));
    }
}
