package dev.millrace.samples.kitchen;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Has both starters. */
@SpringBootApplication
public class KitchenApplication {

    /** Starts the application. */
    public static void main(String[] arguments) {
        SpringApplication.run(KitchenApplication.class, arguments);
    }
}
