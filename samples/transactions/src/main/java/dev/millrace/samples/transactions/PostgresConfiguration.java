package dev.millrace.samples.transactions;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** A PostgreSQL of this application's own, which begins and ends with it. */
@Configuration(proxyBeanMethods = false)
@Profile("postgres")
class PostgresConfiguration {
    private static final String NAME = "postgres";

    @Bean(destroyMethod = "close")
    EmbeddedPostgres embeddedPostgres() throws IOException {
        return EmbeddedPostgres.start();
    }

    @Bean
    JdbcConnectionDetails jdbcConnectionDetails(EmbeddedPostgres postgres) {
        return new JdbcConnectionDetails() {
            @Override
            public String getUsername() {
                return NAME;
            }

            @Override
            public String getPassword() {
                return NAME;
            }

            @Override
            public String getJdbcUrl() {
                return postgres.getJdbcUrl(NAME, NAME);
            }
        };
    }
}
