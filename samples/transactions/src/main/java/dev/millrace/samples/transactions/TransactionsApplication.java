package dev.millrace.samples.transactions;

import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The shop, or with {@code --try-it} a run that ends by itself. */
@SpringBootApplication
public class TransactionsApplication {
    private static final String TRY_IT = "try-it";

    /** Starts the shop, or tries everything and ends the JVM with 0 if every order ended as it should. */
    public static void main(String[] arguments) {
        if (Arrays.asList(arguments).contains("--" + TRY_IT)) {
            System.exit(tryIt(arguments));
        }
        SpringApplication.run(TransactionsApplication.class, arguments);
    }

    /** Places an order for each way it can end, and returns the exit code. */
    static int tryIt(String... arguments) {
        SpringApplication application = new SpringApplication(TransactionsApplication.class);
        application.setAdditionalProfiles(TRY_IT);
        return SpringApplication.exit(application.run(arguments));
    }
}
