package dev.millrace.samples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Takes orders, stores them and tells everybody. */
@SpringBootApplication
public class OrdersApplication {

    /** Starts the application. */
    public static void main(String[] arguments) {
        SpringApplication.run(OrdersApplication.class, arguments);
    }
}
