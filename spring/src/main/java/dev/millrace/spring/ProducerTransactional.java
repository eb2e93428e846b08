package dev.millrace.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * A method, or every method of a type, runs in a transaction of the bean {@code producerTransactionManager}; as
 * {@link Transactional} with that manager.
 *
 * <p>Within a transaction of another manager a method that must commit before it needs {@link Propagation#REQUIRES_NEW}:
 * what was sent before has joined the other transaction, and {@code REQUIRED} joins that.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Transactional(transactionManager = "producerTransactionManager")
public @interface ProducerTransactional {

    /** As {@link Transactional#label()}. */
    @AliasFor(annotation = Transactional.class)
    String[] label() default {};

    /** As {@link Transactional#propagation()}. */
    @AliasFor(annotation = Transactional.class)
    Propagation propagation() default Propagation.REQUIRED;

    /** As {@link Transactional#timeout()}: in seconds, -1 for the default of the manager. */
    @AliasFor(annotation = Transactional.class)
    int timeout() default -1;

    /** As {@link Transactional#timeoutString()}. */
    @AliasFor(annotation = Transactional.class)
    String timeoutString() default "";

    /** As {@link Transactional#rollbackFor()}. */
    @AliasFor(annotation = Transactional.class)
    Class<? extends Throwable>[] rollbackFor() default {};

    /** As {@link Transactional#rollbackForClassName()}. */
    @AliasFor(annotation = Transactional.class)
    String[] rollbackForClassName() default {};

    /** As {@link Transactional#noRollbackFor()}. */
    @AliasFor(annotation = Transactional.class)
    Class<? extends Throwable>[] noRollbackFor() default {};

    /** As {@link Transactional#noRollbackForClassName()}. */
    @AliasFor(annotation = Transactional.class)
    String[] noRollbackForClassName() default {};
}
