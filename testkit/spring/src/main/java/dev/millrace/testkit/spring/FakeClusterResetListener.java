package dev.millrace.testkit.spring;

import dev.millrace.testkit.FakeCluster;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/** Resets the cluster before each test method, in front of its own {@code @BeforeEach} methods. */
final class FakeClusterResetListener extends AbstractTestExecutionListener {

    FakeClusterResetListener() {}

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void beforeTestMethod(TestContext testContext) {
        if (TestContextAnnotationUtils.hasAnnotation(testContext.getTestClass(), AutoConfigureFakeCluster.class)) {
            testContext.getApplicationContext().getBean(FakeCluster.class).reset();
        }
    }
}
