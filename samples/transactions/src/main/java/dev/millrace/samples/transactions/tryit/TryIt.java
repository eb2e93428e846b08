package dev.millrace.samples.transactions.tryit;

import dev.millrace.samples.transactions.shop.Answer;
import dev.millrace.samples.transactions.shop.Ending;
import dev.millrace.samples.transactions.shop.NewOrder;
import dev.millrace.samples.transactions.shop.Shop;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Places an order for each way it can end, prints what there is after each, and compares. */
@Component
@Profile("try-it")
class TryIt implements ApplicationRunner, ExitCodeGenerator {
    private final PrintStream out = System.out;
    private final Shop shop;
    private boolean isGood = true;

    TryIt(Shop shop) {
        this.shop = shop;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        place("ada", Ending.SUCCESS, "placed", 1, 1);
        place("grace", Ending.BUSINESS_FAILURE, "refused", 1, 1);
        place("alan", Ending.BROKER_DOWN, "not placed", 1, 1);
        place("edsger", Ending.BROKER_DOWN_BETWEEN_COMMITS, "stored, but not published", 2, 1);
        place("barbara", Ending.SUCCESS, "placed", 3, 2);
        out.println();
        out.println(isGood ? "No difference: every order ended as it should." : "There are differences.");
    }

    @Override
    public int getExitCode() {
        return isGood ? 0 : 1;
    }

    private void place(String customer, Ending ending, String told, int stored, int published) {
        Answer answer = shop.place(new NewOrder(customer, "lamp"), ending);
        Answer.Books books = answer.books();
        out.println();
        out.println(ending.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + answer.told());
        print("database", books.database());
        print("orders", books.orders());
        print("payments", books.payments());
        boolean asExpected = answer.told().startsWith(told + ":")
                && books.database().size() == stored
                && books.orders().size() == published
                && books.payments().size() == published;
        if (!asExpected) {
            out.println("  expected: " + told + ", " + stored + " in the database, " + published + " in each topic");
            isGood = false;
        }
    }

    private void print(String where, List<String> what) {
        out.println(String.format(Locale.ROOT, "  %-9s %d %s", where, what.size(), what));
    }
}
