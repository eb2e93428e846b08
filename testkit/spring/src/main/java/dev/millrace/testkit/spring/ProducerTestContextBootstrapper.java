package dev.millrace.testkit.spring;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Takes the properties of {@link ProducerTest}. */
final class ProducerTestContextBootstrapper extends TestSliceTestContextBootstrapper<ProducerTest> {

    ProducerTestContextBootstrapper() {}
}
