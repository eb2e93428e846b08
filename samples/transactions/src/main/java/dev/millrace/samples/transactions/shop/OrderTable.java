package dev.millrace.samples.transactions.shop;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The orders in the database. */
@Repository
class OrderTable {
    private final JdbcClient database;

    OrderTable(JdbcClient database) {
        this.database = database;
    }

    /** Stores an order and gives it a number. */
    int insert(NewOrder order) {
        int number = database.sql("select count(*) + 1 from orders")
                .query(Integer.class)
                .single();
        database.sql("insert into orders (number, customer, item) values (?, ?, ?)")
                .params(number, order.customer(), order.item())
                .update();
        return number;
    }

    /** All orders, as they are told. */
    List<String> all() {
        return database.sql("select number, customer, item from orders order by number")
                .query((row, index) -> Wording.order(
                        row.getInt("number"), new NewOrder(row.getString("customer"), row.getString("item"))))
                .list();
    }
}
