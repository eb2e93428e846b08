package dev.millrace.samples.transactions.shop;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The shop's counter; the page with the buttons uses it. */
@RestController
class ShopController {
    private final Shop shop;

    ShopController(Shop shop) {
        this.shop = shop;
    }

    /** Places an order, by default one that succeeds. */
    @PostMapping("/orders")
    Answer place(@RequestBody NewOrder order, @RequestParam(defaultValue = "SUCCESS") Ending ending) {
        return shop.place(order, ending);
    }

    @GetMapping("/books")
    Answer.Books books() {
        return shop.books();
    }
}
