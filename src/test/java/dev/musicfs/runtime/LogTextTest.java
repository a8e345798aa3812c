package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class LogTextTest {
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("test");

    @Test
    void oneEventIsOneLineThatGivesNoOrders() {
        assertThat(text("a file \u001b[2J\u009b1m\r\n  2026-01-01 ERROR forged\tx \n", null))
                .isEqualTo("a file \\u001b[2J\\u009b1m | 2026-01-01 ERROR forged x");
    }

    @Test
    void aFailureFollowsOnTheSameLine() {
        assertThat(text("it failed", new IllegalStateException("name\u0007\nother")))
                .startsWith("it failed | java.lang.IllegalStateException: name\\u0007 | other | at dev.musicfs.")
                .doesNotContain("\n", "\t");
    }

    private String text(String message, Throwable failure) {
        LogText converter = new LogText();
        converter.setContext(context);
        converter.start();
        return converter.convert(
                new LoggingEvent(LogTextTest.class.getName(), logger, Level.WARN, message, failure, null));
    }
}
