package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.producer.config.EndpointIdentification;
import dev.millrace.producer.config.SaslConfig;
import dev.millrace.producer.config.SecurityConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.config.TlsConfig;
import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.KerberosCredentialSupplier;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.TlsMaterial;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import dev.millrace.producer.security.UserCredentials;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.SaslCredentialsProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ietf.jgss.GSSCredential;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** {@code app.producer.security}, {@code .ssl} and {@code .sasl}, and what stands in their place. */
class SecurityPropertiesTest {

    private static final String SASL = "app.producer.sasl.";
    private static final String OAUTH = SASL + "oauth.";
    private static final String[] USER = {SASL + "username=alice", SASL + "password=wonder-secret"};
    private static final DevCertificates CERTIFICATES = DevCertificates.create();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class, ProducerAutoConfiguration.class, NamedProducerAutoConfiguration.class))
            .withPropertyValues(bundle("shop"))
            .withPropertyValues(bundle("other"));

    @Test
    void isPlainIfNothingIsSet() {
        runner.run(context -> {
            assertThat(security(context).protocol()).isEqualTo(SecurityProtocol.PLAINTEXT);
            assertThat(security(context).tls()).isNull();
            assertThat(security(context).sasl()).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "app.producer.ssl.bundle=shop, app.producer.acks=all, SSL",
        "app.producer.ssl.bundle=shop, app.producer.sasl.mechanism=SCRAM-SHA-512, SASL_SSL",
        "app.producer.security.protocol=SASL_PLAINTEXT, app.producer.sasl.mechanism=SCRAM-SHA-512, SASL_PLAINTEXT",
        "app.producer.security.protocol=sasl_ssl, app.producer.sasl.mechanism=scram-sha-512, SASL_SSL",
        "app.producer.security.protocol=SSL, app.producer.acks=all, SSL"
    })
    void infersTheProtocol(String first, String second, SecurityProtocol protocol) {
        runner.withPropertyValues(first, second)
                .withPropertyValues(second.contains("sasl") ? USER : new String[0])
                .run(context -> {
                    assertThat(security(context).protocol()).isEqualTo(protocol);
                    assertThat(security(context).tls() != null).isEqualTo(protocol.usesTls());
                    assertThat(security(context).sasl() != null).isEqualTo(protocol.usesSasl());
                });
    }

    @Test
    void warnsOfABundleThatIsNotUsed() {
        runner.withPropertyValues(
                        "app.producer.ssl.bundle=shop",
                        "app.producer.ssl.endpoint-identification=none",
                        "app.producer.security.protocol=PLAINTEXT")
                .run(context -> {
                    assertThat(security(context).tls()).isNull();
                    assertThat(ProducerAutoConfigurationTest.configOf(context).derivations())
                            .as("logged as warnings when the producer opens")
                            .containsExactly("app.producer.security.protocol (security.protocol) is PLAINTEXT, so"
                                    + " connections are not encrypted, and these have no effect: the"
                                    + " source of TLS material (an SSL bundle, or an object),"
                                    + " app.producer.ssl.endpoint-identification"
                                    + " (ssl.endpoint.identification.algorithm)");
                });
    }

    @Test
    void refusesToSendCredentialsUnencryptedUnlessToldTo() {
        runner.withPropertyValues(SASL + "mechanism=PLAIN")
                .withPropertyValues(USER)
                .run(context -> assertThat(violation(context))
                        .returns(SASL + "mechanism", PropertyViolation::property)
                        .returns("\"" + SASL + "mechanism\" from property source \"test\"", PropertyViolation::origin)
                        .satisfies(violation -> assertThat(violation.reason())
                                .startsWith("credentials would be sent unencrypted; set app.producer.security.protocol")
                                .contains("=SASL_PLAINTEXT to allow this")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssl.bundle=shopp|acks=all|ssl.bundle|no SSL bundle with this name; known bundles: other, shop",
                "ssl.bundle=shop|ssl.reload=soon|ssl.reload|must be none, new-connections or recycle",
                "ssl.bundle=shop|ssl.endpoint-identification=ldap|ssl.endpoint-identification|must be",
                "security.protocol=TLS|acks=all|security.protocol|must be",
                "sasl.mechanism=DIGEST-MD5|security.protocol=SASL_SSL|sasl.mechanism|must be one of PLAIN,"
                        + " SCRAM-SHA-256",
                "sasl.username=alice|acks=all|sasl.mechanism|is needed, as there are a user and a password",
                "sasl.mechanism=PLAIN|security.protocol=SASL_SSL|sasl.username|is needed for PLAIN, unless there is a"
                        + " bean",
                "sasl.mechanism=OAUTHBEARER|security.protocol=SASL_SSL|sasl.oauth.token-uri|is needed for OAUTHBEARER",
                "sasl.mechanism=GSSAPI|security.protocol=SASL_SSL|sasl.kerberos-service-name|is needed for GSSAPI",
                "security.protocol=SASL_SSL|acks=all|sasl.mechanism|is needed with app.producer.security.protocol",
                "sasl.login-refresh.window-factor=0.4|acks=all|sasl.login-refresh.window-factor|must be at least 0.5"
            })
    void refuses(String first, String second, String property, String reason) {
        runner.withPropertyValues("app.producer." + first, "app.producer." + second)
                .run(context -> assertThat(violation(context))
                        .returns("app.producer." + property, PropertyViolation::property)
                        .satisfies(violation -> assertThat(violation.reason()).startsWith(reason)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token-uri=auth.example/token|client-id=a|token-uri|must be an absolute address",
                "token-uri=https://auth.example/token|client-id=a|client-secret|is needed with",
                "token-uri=https://auth.example/token|client-secret=s3cret|client-id|is needed with",
                "client-authentication=digest|token-uri=https://a/t|client-authentication|must be basic or post",
                "ssl-bundle=shopp|token-uri=https://a/t|ssl-bundle|no SSL bundle with this name; known bundles:",
                "extensions.auth=x|token-uri=https://a/t|extensions.auth|an extension's name must be letters",
                "read-timeout=0|token-uri=https://a/t|read-timeout|must be at least 1 ms",
                "registration=shop|token-uri=https://a/t|registration|gets the tokens, and so does"
            })
    void refusesOfTokens(String first, String second, String property, String reason) {
        runner.withPropertyValues(
                        "app.producer.ssl.bundle=shop", SASL + "mechanism=OAUTHBEARER", OAUTH + first, OAUTH + second)
                .withPropertyValues(
                        property.startsWith("client-id")
                                        || property.startsWith("client-secret")
                                        || property.equals("token-uri")
                                ? new String[0]
                                : new String[] {OAUTH + "client-id=a", OAUTH + "client-secret=s3cret"})
                .run(context -> assertThat(violations(context)).anySatisfy(violation -> {
                    assertThat(violation.property()).isEqualTo(OAUTH + property);
                    assertThat(violation.reason()).startsWith(reason);
                    assertThat(violation.toString()).doesNotContain("s3cret");
                }));
    }

    @Test
    void needsTheLibraryForARegistration() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .withPropertyValues(
                        "app.producer.ssl.bundle=shop", SASL + "mechanism=OAUTHBEARER", OAUTH + "registration=shop")
                .run(context -> assertThat(violation(context))
                        .returns(OAUTH + "registration", PropertyViolation::property)
                        .satisfies(violation -> assertThat(violation.reason())
                                .startsWith("needs the library"
                                        + " org.springframework.security:spring-security-oauth2-client")));
    }

    @Test
    void startsWithoutTheOptionalLibraries() {
        runner.withClassLoader(
                        new FilteredClassLoader("org.springframework.security", "org.springframework.boot.actuate"))
                .withPropertyValues("app.producer.ssl.bundle=shop", SASL + "mechanism=SCRAM-SHA-256")
                .withPropertyValues(USER)
                .run(context -> assertThat(security(context).protocol()).isEqualTo(SecurityProtocol.SASL_SSL));
    }

    @Test
    void honoursTheOptionsOfTheBundle() {
        runner.withPropertyValues(
                        "app.producer.ssl.bundle=shop",
                        "spring.ssl.bundle.pem.shop.options.ciphers=TLS_AES_128_GCM_SHA256",
                        "spring.ssl.bundle.pem.shop.options.enabled-protocols=TLSv1.3",
                        "app.producer.ssl.endpoint-identification=none")
                .run(context -> {
                    TlsConfig tls = Objects.requireNonNull(security(context).tls());
                    TlsMaterial material = tls.source().load();
                    assertThat(material.protocols()).containsExactly("TLSv1.3");
                    assertThat(material.cipherSuites()).containsExactly("TLS_AES_128_GCM_SHA256");
                    assertThat(tls.endpointIdentification()).isEqualTo(EndpointIdentification.NONE);
                    assertThat(tls.source()).hasToString("SSL bundle 'shop'");
                });
    }

    @Test
    void sharesTheSourceAmongProducersOfABundle() {
        runner.withPropertyValues(
                        "app.producer.ssl.bundle=shop",
                        "app.producer.instance.orders.linger=1",
                        "app.producer.instance.audit.ssl.bundle=other")
                .run(context -> {
                    assertThat(security(context, "ordersProducerFactory")).isEqualTo(security(context));
                    assertThat(security(context, "auditProducerFactory")).isNotEqualTo(security(context));
                });
    }

    @Test
    void takesUserAndPassword() {
        runner.withPropertyValues("app.producer.ssl.bundle=shop", SASL + "mechanism=scram-sha-256")
                .withPropertyValues(USER)
                .run(context -> {
                    SaslConfig sasl = sasl(context, "producerFactory");
                    assertThat(sasl.mechanism()).isEqualTo(SaslMechanism.SCRAM_SHA_256);
                    assertThat(credentials(sasl).get()).isEqualTo(UserCredentials.of("alice", "wonder-secret"));
                });
    }

    @Test
    void asksTheProviderBeanForEachProducer() {
        List<Runnable> listeners = new ArrayList<>();
        runner.withPropertyValues(
                        "app.producer.ssl.bundle=shop",
                        SASL + "mechanism=PLAIN",
                        SASL + "username=ignored",
                        "app.producer.instance.orders.linger=1",
                        "app.producer.instance.own.sasl.username=bob",
                        "app.producer.instance.own.sasl.password=builder")
                .withBean("vault", SaslCredentialsProvider.class, () -> new Vault(listeners))
                .run(context -> {
                    CredentialsSupplier unnamed = credentials(sasl(context, "producerFactory"));
                    CredentialsSupplier orders = credentials(sasl(context, "ordersProducerFactory"));
                    assertThat(unnamed.get().user()).isEqualTo("user of ");
                    assertThat(orders.get().user()).isEqualTo("user of orders");
                    assertThat(orders.name()).isEqualTo("bean 'vault'");
                    assertThat(orders.toString()).doesNotContain("Vault");
                    assertThat(orders).isNotEqualTo(unnamed);
                    assertThat(credentials(sasl(context, "ownProducerFactory")).get())
                            .isEqualTo(UserCredentials.of("bob", "builder"));
                    try (AutoCloseable registration = orders.onChange(() -> {})) {
                        assertThat(listeners).hasSize(1);
                        assertThat(registration).isNotNull();
                    }
                    assertThat(listeners).isEmpty();
                });
    }

    @Test
    void takesBeansOfTheEnginesTypes() {
        CredentialsSupplier credentials = () -> UserCredentials.of("carol", "x");
        TokenSupplier tokens = () -> Token.withoutEnd("abc");
        KerberosCredentialSupplier kerberos = SecurityPropertiesTest::noCredential;
        ApplicationContextRunner withBeans = runner.withPropertyValues(
                        "app.producer.ssl.bundle=shop", SASL + "kerberos-service-name=kafka")
                .withBean(CredentialsSupplier.class, () -> credentials)
                .withBean(TokenSupplier.class, () -> tokens)
                .withBean(KerberosCredentialSupplier.class, () -> kerberos);
        withBeans.withPropertyValues(SASL + "mechanism=PLAIN").run(context -> assertThat(
                        sasl(context, "producerFactory").credentials())
                .isSameAs(credentials));
        withBeans.withPropertyValues(SASL + "mechanism=OAUTHBEARER").run(context -> assertThat(
                        sasl(context, "producerFactory").tokens())
                .isSameAs(tokens));
        withBeans.withPropertyValues(SASL + "mechanism=GSSAPI").run(context -> {
            assertThat(sasl(context, "producerFactory").kerberos()).isSameAs(kerberos);
            assertThat(sasl(context, "producerFactory").kerberosServiceName()).isEqualTo("kafka");
        });
    }

    @Test
    void asksForAChoiceAmongSeveralBeans() {
        runner.withPropertyValues("app.producer.ssl.bundle=shop", SASL + "mechanism=OAUTHBEARER")
                .withBean("one", TokenSupplier.class, () -> () -> Token.withoutEnd("a"))
                .withBean("two", TokenSupplier.class, () -> () -> Token.withoutEnd("b"))
                .run(context -> assertThat(violation(context).reason())
                        .isEqualTo("there are several beans of type TokenSupplier: one, two; mark one of them as"
                                + " @Primary"));
    }

    @Test
    void letsConnectionDetailsDecide() {
        runner.withPropertyValues(
                        "app.producer.security.protocol=SASL_SSL",
                        "app.producer.ssl.bundle=no-such",
                        "app.producer.instance.orders.ssl.bundle=shop",
                        "app.producer.instance.orders.security.protocol=SSL",
                        "app.producer.instance.plain.linger=1")
                .withBean(ProducerConnectionDetails.class, Secured::new)
                .run(context -> {
                    assertThat(security(context).protocol()).isEqualTo(SecurityProtocol.SSL);
                    assertThat(Objects.requireNonNull(security(context).tls()).source())
                            .hasToString("SSL bundle 'of the connection details'");
                    assertThat(Objects.requireNonNull(security(context, "ordersProducerFactory")
                                            .tls())
                                    .source())
                            .hasToString("SSL bundle 'shop'");
                    assertThat(security(context, "plainProducerFactory").protocol())
                            .isEqualTo(SecurityProtocol.SSL);
                });
    }

    @Test
    void showsConnectionDetailsWhatThePropertiesSay() {
        runner.withPropertyValues("app.producer.ssl.bundle=shop", "app.producer.security.protocol=SSL")
                .run(context -> {
                    ProducerConnectionDetails details = context.getBean(ProducerConnectionDetails.class);
                    assertThat(details.getSecurityProtocol()).isEqualTo("SSL");
                    assertThat(details.getSslBundle()).isNotNull();
                });
    }

    private static GSSCredential noCredential() {
        throw new IllegalStateException("not asked here");
    }

    /** Keys and trust of a test authority. */
    private static String[] bundle(String name) {
        String prefix = "spring.ssl.bundle.pem." + name + ".";
        return new String[] {
            prefix + "keystore.certificate=" + CERTIFICATES.client("shop").certificatePem(),
            prefix + "truststore.certificate=" + CERTIFICATES.authority().certificatePem()
        };
    }

    private static SecurityConfig security(AssertableApplicationContext context) {
        return security(context, "producerFactory");
    }

    private static SecurityConfig security(AssertableApplicationContext context, String factory) {
        return context.getBean(factory, DefaultProducerFactory.class)
                .getConfig()
                .security();
    }

    private static SaslConfig sasl(AssertableApplicationContext context, String factory) {
        return Objects.requireNonNull(security(context, factory).sasl());
    }

    private static CredentialsSupplier credentials(SaslConfig sasl) {
        return Objects.requireNonNull(sasl.credentials());
    }

    private static PropertyViolation violation(AssertableApplicationContext context) {
        assertThat(violations(context)).hasSize(1);
        return violations(context).get(0);
    }

    private static List<PropertyViolation> violations(AssertableApplicationContext context) {
        Throwable cause = context.getStartupFailure();
        while (cause != null && !(cause instanceof InvalidProducerPropertiesException)) {
            cause = cause.getCause();
        }
        return ((InvalidProducerPropertiesException) Objects.requireNonNull(cause, "no refusal")).getViolations();
    }

    record Vault(List<Runnable> listeners) implements SaslCredentialsProvider {

        @Override
        public UserCredentials getCredentials(String producer) {
            return UserCredentials.of("user of " + producer, "secret");
        }

        @Override
        public AutoCloseable onChange(Runnable listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }
    }

    static final class Secured implements ProducerConnectionDetails {

        @Override
        public List<String> getBootstrapServers() {
            return List.of("details:2");
        }

        @Override
        public @Nullable String getSecurityProtocol() {
            return "SSL";
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return SslBundle.systemDefault();
        }
    }
}
