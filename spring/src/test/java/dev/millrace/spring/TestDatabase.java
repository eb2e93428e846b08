package dev.millrace.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The databases a transaction is shared with. */
enum TestDatabase {
    /** Within this JVM. */
    H2 {
        @Override
        DataSource open() {
            return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        }
    },
    /** A server of its own, one for all tests of this JVM, which ends with it. */
    POSTGRESQL {
        @Override
        DataSource open() throws IOException {
            EmbeddedPostgres running = server;
            if (running == null) {
                running = start();
                server = running;
            }
            return running.getPostgresDatabase();
        }
    };

    private static @Nullable EmbeddedPostgres server; // null before the first test that needs it

    /** A database; its tables may be those of earlier tests. */
    abstract DataSource open() throws IOException;

    /** The server refuses root, which is why it gets a user namespace; where that is forbidden, too, there is none. */
    private static EmbeddedPostgres start() throws IOException {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException | RuntimeException e) {
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                throw e;
            }
            return Assumptions.abort("PostgreSQL cannot run here, tests with H2 do: " + e);
        }
    }
}
