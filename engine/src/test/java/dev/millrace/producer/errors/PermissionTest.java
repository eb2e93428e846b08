package dev.millrace.producer.errors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PermissionTest {

    @Test
    void theRemedyNamesPrincipalOperationAndResource() {
        assertThat(Permission.toWrite("orders").remedy())
                .isEqualTo("grant this client's principal WRITE on topic orders (kafka-acls --add --allow-principal"
                        + " User:... --operation Write --topic orders)");
        assertThat(Permission.toUseTransactionalId("tx-1").remedy())
                .contains("WRITE on transactional id tx-1", "--operation Write --transactional-id tx-1");
        assertThat(Permission.toReadGroup("readers").remedy())
                .contains("READ on group readers", "--operation Read --group readers");
        assertThat(Permission.toReadTopics("orders").remedy())
                .contains("READ on topic orders", "--operation Read --topic orders");
        assertThat(Permission.toWriteIdempotently().remedy())
                .contains("IDEMPOTENT_WRITE on the cluster", "--operation IdempotentWrite --cluster)");
    }
}
