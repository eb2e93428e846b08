package dev.millrace.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WindowTest {

    private final Window window = new Window();

    @Test
    void knowsNothingAtFirst() {
        assertThat(window.average(0)).isNaN();
        assertThat(window.max(0)).isNaN();
        assertThat(window.perSecond(0)).isZero();
    }

    @Test
    void looksAtTheLastThirtyToSixtySeconds() {
        window.add(6, 1, seconds(0));
        window.add(12, 1, seconds(29));
        assertThat(window.average(seconds(29))).isEqualTo(9);
        assertThat(window.max(seconds(29))).isEqualTo(12);

        window.add(3, 1, seconds(31));
        assertThat(window.average(seconds(59))).isEqualTo(7);
        assertThat(window.max(seconds(59))).isEqualTo(12);

        assertThat(window.average(seconds(61))).isEqualTo(3);
        assertThat(window.max(seconds(61))).isEqualTo(3);
        assertThat(window.average(seconds(200))).isNaN();
    }

    @Test
    void makesNoPeakOfAFirstEvent() {
        window.add(60, 1, seconds(100));

        assertThat(window.perSecond(seconds(100))).isEqualTo(2);
        assertThat(window.perSecond(seconds(145))).isEqualTo(60 / 45.0);
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
