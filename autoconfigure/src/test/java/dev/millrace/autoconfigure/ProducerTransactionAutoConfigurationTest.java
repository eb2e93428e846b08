package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerTransactionManager;
import dev.millrace.spring.ProducerTransactional;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransaction;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;
import reactor.core.publisher.Mono;

/** Which transaction manager is found where, beside whatever other managers an application has. */
class ProducerTransactionAutoConfigurationTest {

    private static final String MANAGER = "producerTransactionManager";
    private static final String ID_PREFIX = "app.producer.transaction.id-prefix=orders-";
    private static final String OURS = "dev.millrace.spring";

    /** What makes other transaction managers. */
    enum Others {
        NONE(OURS),
        JDBC(
                "org.springframework.jdbc",
                DataSourceAutoConfiguration.class,
                DataSourceTransactionManagerAutoConfiguration.class),
        JPA(
                "org.springframework.orm.jpa",
                DataSourceAutoConfiguration.class,
                DataSourceTransactionManagerAutoConfiguration.class,
                HibernateJpaAutoConfiguration.class),
        USER(OtherManager.class.getPackageName()),
        LIBRARY(OtherManager.class.getPackageName(), LibraryAutoConfiguration.class);

        private final String packageName;
        private final Class<?>[] autoConfigurations;

        Others(String packageName, Class<?>... autoConfigurations) {
            this.packageName = packageName;
            this.autoConfigurations = autoConfigurations;
        }
    }

    /** Where this module's package is in the order of names, which decides where nothing else does. */
    enum Name {
        SORTS_BEFORE_SPRING,
        SORTS_AFTER_SPRING
    }

    @ParameterizedTest
    @EnumSource
    void drivesPlainMethodsOnlyIfThereIsNoOtherManager(Others others) {
        for (Name name : Name.values()) {
            runner(others, name).run(context -> {
                assertThat(context).hasNotFailed().hasBean(MANAGER);
                assertThat(context.getBean(Shop.class).plain()).as(name.name()).startsWith(others.packageName);
                assertThat(context.getBean(PlatformTransactionManager.class)).isSameAs(managerOf(context, others));
                assertThat(context.getBean(TransactionTemplate.class).getTransactionManager())
                        .isSameAs(managerOf(context, others));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void drivesMethodsThatNameIt(Others others) {
        for (Name name : Name.values()) {
            runner(others, name).run(context -> {
                assertThat(context.getBean(Shop.class).named()).startsWith(OURS);
                assertThat(context.getBean(Shop.class).annotated()).startsWith(OURS);
            });
        }
    }

    @Test
    void leavesReactiveMethodsToAReactiveManager() {
        runner(Others.NONE, Name.SORTS_BEFORE_SPRING)
                .withBean("reactive", ReactiveTransactionManager.class, ReactiveManager::new)
                .run(context -> {
                    assertThat(context).hasSingleBean(TransactionalOperator.class);
                    assertThat(context.getBean(TransactionManager.class)).isSameAs(context.getBean("reactive"));
                    assertThat(context.getBean(Shop.class).named()).startsWith(OURS);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> context.getBean(Shop.class).plain())
                            .withMessageContaining("non-reactive");
                });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void isNotInTheWayOfWhatNeedsASingleManager(Others others) {
        runner(others, Name.SORTS_BEFORE_SPRING)
                .withConfiguration(
                        AutoConfigurations.of(DataSourceAutoConfiguration.class, JooqAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(DSLContext.class));
    }

    @Test
    void givesWayToAManagerOfTheApplicationsForTheProducer() {
        for (Others others : List.of(Others.NONE, Others.JDBC)) {
            runner(others, Name.SORTS_BEFORE_SPRING)
                    .withUserConfiguration(OwnProducerManager.class)
                    .run(context -> assertThat(context)
                            .hasSingleBean(ProducerTransactionManager.class)
                            .hasBean("own")
                            .doesNotHaveBean(MANAGER));
        }
    }

    @Test
    void givesWayToABeanOfItsNameWhateverElseThereIs() {
        for (Others others : List.of(Others.NONE, Others.JDBC)) {
            runner(others, Name.SORTS_BEFORE_SPRING)
                    .withUserConfiguration(HiddenProducerManager.class)
                    .run(context -> assertThat(context).hasNotFailed().hasBean("hidden"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isCustomizedLikeAnyOther(Others others) {
        List<TransactionExecution> begun = new ArrayList<>();
        runner(others, Name.SORTS_BEFORE_SPRING)
                .withPropertyValues("spring.transaction.default-timeout=17s")
                .withBean(TransactionExecutionListener.class, () -> new TransactionExecutionListener() {
                    @Override
                    public void beforeBegin(TransactionExecution transaction) {
                        begun.add(transaction);
                    }
                })
                .withUserConfiguration(Customizers.class)
                .run(context -> {
                    ProducerTransactionManager manager = context.getBean(ProducerTransactionManager.class);
                    assertThat(manager.getDefaultTimeout()).isEqualTo(17);
                    assertThat(manager.isGlobalRollbackOnParticipationFailure()).isFalse();
                    context.getBean(Shop.class).named();
                    assertThat(begun).hasSize(1);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.producer.transaction.id-prefix=",
                "app.producer.transaction.id-prefix=${ABSENT:}",
                "app.producer.transaction.enabled=false",
                "app.producer.enabled=false"
            })
    void isLeftOut(String property) {
        for (Others others : Others.values()) {
            runner(others, Name.SORTS_BEFORE_SPRING)
                    .withPropertyValues(property)
                    .run(context ->
                            assertThat(context).hasNotFailed().doesNotHaveBean(ProducerTransactionManager.class));
        }
    }

    @Test
    void isLeftOutIfNothingIsSet() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ProducerAutoConfiguration.class,
                        ProducerTransactionAutoConfiguration.class,
                        TransactionAutoConfiguration.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(TransactionManager.class)
                        .doesNotHaveBean(TransactionTemplate.class));
    }

    @Test
    void comesWithoutAPrefixIfTransactionsAreEnabled() {
        runner(Others.NONE, Name.SORTS_BEFORE_SPRING)
                .withPropertyValues(
                        "app.producer.transaction.id-prefix=",
                        "app.producer.transaction.enabled=true",
                        "spring.application.name=shop")
                .run(context -> assertThat(context).hasNotFailed().hasBean(MANAGER));
    }

    @Test
    void sendsInTransactionsWithoutALibraryForTransactionManagers() {
        runner(Others.NONE, Name.SORTS_BEFORE_SPRING)
                .withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MANAGER));
    }

    @Test
    void comesWithoutBootsLibraryForTransactions() {
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.transaction"))
                .withPropertyValues(ID_PREFIX)
                .withConfiguration(AutoConfigurations.of(
                        ProducerAutoConfiguration.class, ProducerTransactionAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().hasBean(MANAGER));
    }

    @Test
    void refusesAFactoryOfTheApplicationsThatDoesNoTransactions() {
        runner(Others.NONE, Name.SORTS_BEFORE_SPRING)
                .withBean("mine", ProducerFactory.class, UnopenedFactory::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidProducerPropertiesException.class, refusal -> assertThat(refusal.getViolations())
                                        .singleElement()
                                        .satisfies(violation -> assertThat(violation.reason())
                                                .contains("the bean 'unopened' does no transactions"))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isDecidedOnWhenTheApplicationIsProcessedAheadOfTime(boolean isBesideAnother) throws IOException {
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of("app.producer.transaction.enabled=true").applyTo(context);
            context.register(ProducerAutoConfiguration.class, ProducerTransactionAutoConfiguration.class);
            if (isBesideAnother) {
                context.registerBean("mine", OtherManager.class);
            }
            DefaultGenerationContext generation =
                    new DefaultGenerationContext(new ClassNameGenerator(ClassName.get("test", "App")), files);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
        }
        assertThat(files.getGeneratedFileContent(
                        Kind.SOURCE,
                        "dev/millrace/autoconfigure/ProducerTransactionAutoConfiguration__BeanDefinitions.java"))
                .contains("ProducerTransactionManager")
                .matches(source -> source.contains("setDefaultCandidate(false)") == isBesideAnother)
                .matches(source -> source.contains("setFallback(true)") == isBesideAnother);
    }

    @Test
    void saysWhatWasMissingWhenTheApplicationWasProcessedAheadOfTime() {
        ApplicationContextRunner processed = new ApplicationContextRunner()
                .withSystemProperties("spring.aot.enabled=true")
                .withPropertyValues(ID_PREFIX)
                .withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class));

        processed.run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOfSatisfying(InvalidProducerPropertiesException.class, refusal -> assertThat(
                                refusal.getViolations())
                        .singleElement()
                        .satisfies(violation -> {
                            assertThat(violation.property()).isEqualTo("app.producer.transaction.enabled");
                            assertThat(violation.reason()).startsWith("must be true when the application is processed");
                        })));
        processed
                .withConfiguration(AutoConfigurations.of(ProducerTransactionAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed());
        processed
                .withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static Object managerOf(AssertableApplicationContext context, Others others) {
        return switch (others) {
            case NONE -> context.getBean(MANAGER);
            case JDBC, JPA, LIBRARY -> context.getBean("transactionManager");
            case USER -> context.getBean("mine");
        };
    }

    private static ApplicationContextRunner runner(Others others, Name name) {
        List<Class<?>> autoConfigurations = new ArrayList<>(List.of(others.autoConfigurations));
        autoConfigurations.add(TransactionAutoConfiguration.class);
        autoConfigurations.add(TransactionManagerCustomizationAutoConfiguration.class);
        RenamedModule renamed = new RenamedModule();
        Stream.of(ProducerAutoConfiguration.class, ProducerTransactionAutoConfiguration.class)
                .map(type -> name == Name.SORTS_BEFORE_SPRING ? type : renamed.copyOf(type))
                .forEach(autoConfigurations::add);
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withClassLoader(renamed)
                .withPropertyValues(ID_PREFIX, "app.producer.transaction.instance-id=a")
                .withConfiguration(renamed.sorted(autoConfigurations))
                .withUserConfiguration(Shop.class);
        return others == Others.USER ? runner.withBean("mine", OtherManager.class) : runner;
    }

    /** Says which manager drives its methods. */
    static class Shop {

        @Transactional
        public String plain() {
            return driver();
        }

        @Transactional(MANAGER)
        public String named() {
            return driver();
        }

        @ProducerTransactional
        public String annotated() {
            return driver();
        }

        private static String driver() {
            DefaultTransactionStatus status =
                    (DefaultTransactionStatus) TransactionAspectSupport.currentTransactionStatus();
            return status.getTransaction().getClass().getName();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnProducerManager {

        @Bean
        ProducerTransactionManager own(ProducerFactory<?, ?> producerFactory) {
            return new ProducerTransactionManager(producerFactory);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class HiddenProducerManager {

        @Bean(
                name = {"hidden", MANAGER},
                defaultCandidate = false)
        ProducerTransactionManager hidden(ProducerFactory<?, ?> producerFactory) {
            return new ProducerTransactionManager(producerFactory);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        @Bean
        TransactionManagerCustomizer<ProducerTransactionManager> customizer() {
            return manager -> manager.setGlobalRollbackOnParticipationFailure(false);
        }
    }

    /** Of somebody who knows nothing of us, as we do of them. */
    @AutoConfiguration
    static class LibraryAutoConfiguration {

        @Bean
        @ConditionalOnMissingBean(TransactionManager.class)
        OtherManager transactionManager() {
            return new OtherManager();
        }
    }

    /** For which nothing here begins a transaction. */
    static final class ReactiveManager implements ReactiveTransactionManager {

        @Override
        public Mono<ReactiveTransaction> getReactiveTransaction(@Nullable TransactionDefinition definition) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<Void> commit(ReactiveTransaction transaction) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<Void> rollback(ReactiveTransaction transaction) {
            return Mono.error(new UnsupportedOperationException());
        }
    }

    /** An application's own. */
    static final class OtherManager extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return new OtherTransaction();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}

        private record OtherTransaction() {}
    }
}
