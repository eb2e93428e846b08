package dev.millrace.samples.quickstart.shop;

import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;

/** What a customer sends. */
record NewOrder(
        @NotBlank @Size(max = 100) String customer,
        @NotBlank @Size(max = 200) String item,
        @Min(1) @Max(1000) int quantity,
        @NotNull @DecimalMin("0.01") @Digits(integer = 9, fraction = 2) BigDecimal amount) {

    Order toOrder(String id) {
        return new Order(id, customer, item, quantity, amount);
    }
}
