package dev.millrace.samples.orders.order;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The orders in the database. */
@Repository
public class OrderTable {

    private final JdbcClient database;

    OrderTable(JdbcClient database) {
        this.database = database;
    }

    /** Stores an order and gives it a number. */
    OrderPlaced insert(String customer, String item, long cents) {
        int number = 1 + count();
        database.sql("insert into orders (number, customer, item, cents) values (?, ?, ?, ?)")
                .params(number, customer, item, cents)
                .update();
        return new OrderPlaced(number, customer, item, cents);
    }

    /** All orders, the oldest first. */
    public List<OrderPlaced> all() {
        return database.sql("select number, customer, item, cents from orders order by number")
                .query(OrderPlaced.class)
                .list();
    }

    /** How many there are. */
    public int count() {
        return database.sql("select count(*) from orders").query(Integer.class).single();
    }
}
